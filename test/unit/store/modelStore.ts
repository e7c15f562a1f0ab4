import type { VersionDraft } from '../../../src/model/historyStore';

/** A version as the model has it; (path, time) names it, since times rise strictly at a path. */
export interface ModelVersion {
  readonly path: string;
  readonly kind: string;
  readonly time: number;
  readonly sha256?: string | undefined;
  /** Its place among all versions. */
  readonly order: number;
  readonly content?: Uint8Array | undefined;
}

export interface ModelFile {
  readonly versions: ModelVersion[];
  path: string;
  stamp: string | undefined;
}

const newestFirst = (a: ModelVersion, b: ModelVersion): number => b.time - a.time || b.order - a.order;
const byPath = (a: ModelFile, b: ModelFile): number => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));

export function headOf(file: ModelFile): ModelVersion {
  const head = file.versions.at(-1);
  if (head === undefined) throw new Error('A file without versions');
  return head;
}

function movedFrom({ kind, path, renamedFrom }: VersionDraft): string | undefined {
  return kind === 'renamed' && renamedFrom !== path ? renamedFrom : undefined;
}

function isAlive(file: ModelFile): boolean {
  return headOf(file).kind !== 'deleted';
}

function lastContent(file: ModelFile): string | undefined {
  return file.versions.filter(({ kind }) => kind !== 'deleted').at(-1)?.sha256;
}

/** What a history store shall answer, in lists that are searched from end to end. */
export class ModelStore {
  readonly files: ModelFile[] = [];
  private readonly occupants = new Map<string, ModelFile>();
  private count = 0;

  append(drafts: readonly VersionDraft[]): ModelVersion[] {
    const waiting = new Map<string, ModelFile>();
    return drafts.map((draft, index) => this.appendOne(draft, drafts.slice(index + 1), waiting));
  }

  /** `waiting`: files whose path was taken, by path, which one of the `later` drafts moves. */
  private appendOne(
    draft: VersionDraft,
    later: readonly VersionDraft[],
    waiting: Map<string, ModelFile>,
  ): ModelVersion {
    const { path } = draft;
    const from = movedFrom(draft);
    const source = from === undefined ? undefined : (waiting.get(from) ?? this.occupants.get(from));
    if (from !== undefined && !waiting.delete(from) && source !== undefined) this.occupants.delete(from);
    const there = this.occupants.get(path);
    if (source !== undefined && there !== undefined && isAlive(there)) {
      if (!waiting.has(path) && later.some((next) => movedFrom(next) === path)) waiting.set(path, there);
      else this.add(there, path, 'deleted', draft.time);
    }
    const file = source ?? there ?? this.begin(path);
    this.occupants.set(path, file);
    file.path = path;
    const version = this.add(file, path, draft.kind, draft.time, draft);
    file.stamp = draft.stamp;
    return version;
  }

  noteStamp(path: string, stamp: string | undefined): void {
    const file = this.occupants.get(path);
    if (file !== undefined) file.stamp = stamp;
  }

  all(): ModelVersion[] {
    return this.files.flatMap(({ versions }) => versions).sort(newestFirst);
  }

  alive(folder = ''): ModelFile[] {
    return [...this.occupants.values()]
      .filter(isAlive)
      .filter(({ path }) => folder === '' || path.startsWith(`${folder}/`))
      .sort(byPath);
  }

  aliveWith(sha256: string): ModelFile[] {
    return this.alive().filter((file) => headOf(file).sha256 === sha256);
  }

  deleted(): ModelVersion[] {
    return this.files
      .filter((file) => !isAlive(file))
      .map(headOf)
      .sort(newestFirst);
  }

  deletionsOf(sha256: string, since: number): ModelVersion[] {
    const files = this.files.filter((file) => !isAlive(file) && lastContent(file) === sha256);
    return files
      .map(headOf)
      .filter(({ time }) => time >= since)
      .sort(newestFirst);
  }

  fileAt(path: string): ModelFile | undefined {
    return this.files.filter((file) => file.path === path).sort((a, b) => newestFirst(headOf(a), headOf(b)))[0];
  }

  earlier(path: string): ModelVersion[] {
    const file = this.fileAt(path);
    return this.all().filter((version) => version.path === path && file?.versions.includes(version) !== true);
  }

  versionAt(path: string, time: number): ModelVersion | undefined {
    const found = this.all().find((version) => version.path === path && version.time <= time);
    const file = this.files.find(({ versions }) => found !== undefined && versions.includes(found));
    const last = file?.versions.filter((version) => version.time <= time).at(-1);
    return last?.path === path ? found : undefined;
  }

  private begin(path: string): ModelFile {
    const file = { versions: [], path, stamp: undefined };
    this.files.push(file);
    return file;
  }

  private add(file: ModelFile, path: string, kind: string, time: number, draft?: VersionDraft): ModelVersion {
    const atPath = this.all().find((version) => version.path === path)?.time ?? 0;
    const version = {
      ...{ path, kind, time: Math.max(time, (file.versions.at(-1)?.time ?? 0) + 1, atPath + 1) },
      ...{ sha256: draft?.sha256, content: draft?.content, order: this.count++ },
    };
    file.versions.push(version);
    return version;
  }
}
