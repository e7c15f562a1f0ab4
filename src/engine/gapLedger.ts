import type { Clock } from '../base/clock';
import { detached, type Log } from '../base/log';
import { messageOf } from '../base/errors';
import { gapKinds, type GapKind, type GapRecord, type Reason } from '../model/gap';
import { readWhole, replaceStoreFile, type FilePort } from '../store/disk/filePort';
import { randomName } from '../store/format/versionKey';

/** In the folder of the store. */
const fileName = 'gaps.json';
const maxGaps = 50;
/** Delay of a write, so that changes are written together. */
const saveAfterMs = 250;
/** More than all gaps with the longest reasons take: 50 gaps of at most 10 texts. */
const maxFileBytes = 16 << 20;
/** The longest text of a reason, in UTF-16 units. */
const maxReasonLength = 4_000;

export interface GapLedgerDeps {
  readonly file: GapFile;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
}

/** The newest gaps of a folder, kept beside its store. */
export class GapLedger {
  private gaps: readonly GapRecord[] = [];
  /** Keys of this window's gaps; its version of them counts. */
  private readonly own = new Set<string>();
  /** Keys of other windows' gaps that were changed since the last write. */
  private readonly changed = new Set<string>();
  private isUnsaved = false;
  private hasFailed = false;
  private cancelSave: (() => void) | undefined;
  private saving: Promise<void> | undefined;

  constructor(private readonly deps: GapLedgerDeps) {}

  /** Reads the gaps of earlier windows. Never rejects: recording works without them. */
  async load(): Promise<void> {
    try {
      this.gaps = parsed(await this.deps.file.read());
    } catch (error) {
      this.deps.log.warn(`The gaps of earlier windows could not be read: ${messageOf(error)}`);
    }
  }

  /** Oldest first. */
  get all(): readonly GapRecord[] {
    return this.gaps;
  }

  newest(isMeant: (gap: GapRecord) => boolean): GapRecord | undefined {
    return [...this.gaps].reverse().find(isMeant);
  }

  /** Adds a gap. */
  add(gap: GapRecord): void {
    this.own.add(keyOf(gap));
    this.change([...this.gaps, gap]);
  }

  /** Begins a gap, or updates the open one of its kind. */
  begin(
    kind: GapKind,
    from: number,
    { reason, count = 0 }: { readonly reason?: Reason; readonly count?: number },
  ): void {
    const open = this.gaps.find((gap) => gap.kind === kind && gap.to === undefined);
    if (!open) this.add({ kind, from, ...(reason && { reason }), count });
    else if (!isSameReason(open.reason, reason) || open.count < count) {
      this.replace(open, { ...open, ...(reason && { reason }), count: Math.max(open.count, count) });
    }
  }

  /** Ends the open gaps of these kinds. */
  end(kinds: readonly GapKind[], time: number): void {
    for (const gap of this.gaps) {
      if (gap.to === undefined && kinds.includes(gap.kind)) this.replace(gap, { ...gap, to: Math.max(gap.from, time) });
    }
  }

  /** Adds to the count of a gap. */
  count(gap: GapRecord, more: number, to = gap.to): void {
    this.replace(gap, { ...gap, ...(to !== undefined && { to }), count: gap.count + more });
  }

  /** Writes what is unsaved, and stops writing in the background. */
  async close(): Promise<void> {
    this.cancelSave?.();
    this.cancelSave = undefined;
    await this.saving;
    if (this.hasFailed) this.isUnsaved = true;
    await this.save();
  }

  private replace(old: GapRecord, by: GapRecord): void {
    this.changed.add(keyOf(old));
    this.change(this.gaps.map((gap) => (gap === old ? by : gap)));
  }

  private change(gaps: readonly GapRecord[]): void {
    this.gaps = gaps.slice(-maxGaps);
    this.isUnsaved = true;
    this.saveLater();
  }

  private saveLater(): void {
    const { clock, log } = this.deps;
    if (this.saving) return;
    this.cancelSave ??= clock.after(saveAfterMs, () => {
      this.cancelSave = undefined;
      this.saving = this.save().finally(() => {
        this.saving = undefined;
        if (this.isUnsaved) this.saveLater();
      });
      detached(this.saving, log, 'A gap was not saved');
    });
  }

  /** Keeps what other windows wrote. Never rejects: the next change tries again. */
  private async save(): Promise<void> {
    const { file, log } = this.deps;
    if (!this.isUnsaved) return;
    this.isUnsaved = this.hasFailed = false;
    try {
      this.gaps = this.merged(parsed(await file.read()));
      this.changed.clear();
      await file.write(this.gaps);
    } catch (error) {
      this.hasFailed = true;
      log.warn(`A gap was not saved: ${messageOf(error)}`);
    }
  }

  private merged(others: readonly GapRecord[]): readonly GapRecord[] {
    const mine = new Map(
      this.gaps.map((gap) => [keyOf(gap), gap] as const).filter(([key]) => this.own.has(key) || this.changed.has(key)),
    );
    const known = new Set(others.map(keyOf));
    const kept = others.map((gap) => mine.get(keyOf(gap)) ?? gap);
    return [...kept, ...[...mine].flatMap(([key, gap]) => (known.has(key) ? [] : [gap]))].slice(-maxGaps);
  }
}

/** Gaps of one kind that begin in the same millisecond are one. */
function keyOf({ kind, from }: GapRecord): string {
  return `${kind} ${from}`;
}

function isSameReason(a: Reason | undefined, b: Reason | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The file may come from another version of Obby or another program. */
function parsed(value: unknown): GapRecord[] {
  return Array.isArray(value) ? value.flatMap((each) => gapOf(each) ?? []).slice(-maxGaps) : [];
}

function gapOf(value: unknown): GapRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, from, to, reason, count } = value as Partial<Record<keyof GapRecord, unknown>>;
  const known = gapKinds.find((each) => each === kind);
  if (known === undefined || !isTime(from) || !isTime(count)) return undefined;
  if (to !== undefined && !(isTime(to) && to >= from)) return undefined;
  const why = reason === undefined ? undefined : reasonOf(reason);
  if (reason !== undefined && why === undefined) return undefined;
  return { kind: known, from, ...(to !== undefined && { to }), ...(why && { reason: why }), count };
}

function reasonOf(value: unknown): Reason | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, args } = value as Partial<Record<keyof Reason, unknown>>;
  if (!isText(code) || !Array.isArray(args)) return undefined;
  return args.length <= 10 && args.every(isText) ? { code, args } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxReasonLength;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Keeps the gaps of a folder. */
export interface GapFile {
  /** What this or another window wrote last; undefined when there is nothing readable. */
  read(): Promise<unknown>;
  write(value: unknown): Promise<void>;
}

/** A file beside the store of a folder, replaced as a whole. */
export function gapFileIn(dir: string, files: FilePort, log: Log): GapFile {
  const path = `${dir}/${fileName}`;
  return {
    async read() {
      const size = (await files.stat(path))?.size ?? 0;
      if (size > maxFileBytes) {
        log.warn(`${path} has ${size} bytes, which Obby never writes. It will be replaced.`);
        return undefined;
      }
      const bytes = await readWhole(files, path);
      if (bytes === undefined) return undefined;
      try {
        return JSON.parse(Buffer.from(bytes).toString()) as unknown;
      } catch (error) {
        log.warn(`${path} is invalid and will be replaced: ${messageOf(error)}`);
        return undefined;
      }
    },
    async write(value) {
      await replaceStoreFile(files, path, Buffer.from(JSON.stringify(value)), `${path}.${randomName(10)}.tmp`);
    },
  };
}
