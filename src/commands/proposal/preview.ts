import type { RuleSources } from '../../model/ruleSources';
import { Rules } from '../../rules/rules';
import { type Deadline, inSlices } from './deadline';
import { isSecretLine } from './ignoreProposal';
import type { TreeReader } from './treeReader';

/** What rules would watch. */
export interface Preview {
  readonly files: number;
  readonly bytes: number;
  /** Files above the size limit. Their bytes do not count, since they are not stored. */
  readonly large: number;
  /** The time was up before everything was counted. */
  readonly isCut: boolean;
  /** The largest folders, at most two levels deep; `''`: the files at the root. */
  readonly folders: readonly FolderShare[];
  /** The first excluded files that are likely secrets. */
  readonly secrets: readonly string[];
}

interface FolderShare {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

export interface PreviewOptions {
  /** All files, relative to the workspace folder, with `/`. */
  readonly files: readonly string[];
  readonly sources: RuleSources;
  /** Counts only files in this folder; `''`: all. */
  readonly within: string;
  readonly maxFileBytes: number;
  readonly reader: Pick<TreeReader, 'size'>;
  readonly deadline: Deadline;
}

/** Files to measure at the same time. */
const parallel = 64;
const maxSecrets = 1_000;

/** Counts what rules would watch. */
export async function previewOf(options: PreviewOptions): Promise<Preview> {
  const { watched, secrets } = await sortOut(options);
  const sizes = await measure(watched, options);
  const folders = new Map<string, { files: number; bytes: number }>();
  const total = { files: 0, bytes: 0, large: 0 };
  for (const [index, path] of watched.entries()) {
    const size = index < sizes.length ? sizes[index] : 0;
    // It was deleted meanwhile.
    if (size === undefined) continue;
    const isLarge = size > options.maxFileBytes;
    const folder = folderOf(path);
    const share = folders.get(folder) ?? { files: 0, bytes: 0 };
    folders.set(folder, share);
    for (const sum of [share, total]) {
      sum.files++;
      sum.bytes += isLarge ? 0 : size;
    }
    if (isLarge) total.large++;
  }
  const shares = [...folders].map(([folder, share]) => ({ folder, ...share }));
  shares.sort((a, b) => b.bytes - a.bytes || b.files - a.files || (a.folder < b.folder ? -1 : 1));
  return { ...total, isCut: options.deadline.isOver, folders: shares, secrets };
}

async function sortOut({ files, sources, within, deadline }: PreviewOptions) {
  const rules = new Rules(sources);
  const watched: string[] = [];
  const secrets: string[] = [];
  const sort = (path: string): void => {
    const verdict = rules.explain(path);
    if (verdict.watched) watched.push(path);
    else if (verdict.reason === 'ignored' && isSecretLine(verdict.rule.pattern) && secrets.length < maxSecrets) {
      secrets.push(path);
    }
  };
  const asked = within === '' ? files : files.filter((path) => path.startsWith(`${within}/`));
  await inSlices(asked, sort, () => deadline.isOver);
  return { watched, secrets };
}

/** The sizes of as many files as there is time for. */
async function measure(paths: readonly string[], { reader, deadline }: PreviewOptions) {
  const sizes: (number | undefined)[] = [];
  while (sizes.length < paths.length && !deadline.isOver) {
    const next = paths.slice(sizes.length, sizes.length + parallel);
    sizes.push(...((await deadline.race(Promise.all(next.map((path) => reader.size(path))))) ?? []));
  }
  return sizes;
}

/** At most two levels deep. */
function folderOf(path: string): string {
  return path.split('/', 3).slice(0, -1).join('/');
}
