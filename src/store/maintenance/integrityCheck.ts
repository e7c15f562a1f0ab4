import { errnoOf, messageOf, ObbyError } from '../../base/errors';
import type { CheckReport, DamagedVersion } from '../../model/historyMaintenance';
import type { CatalogEntry } from '../catalog/catalogBatch';
import { headerBytes, saltOf } from '../journal/journalFormat';
import type { JournalRequests } from '../sync/journalRequests';
import { scanJournal } from '../journal/journalScan';
import { eachEntry, type RewriteSource, type MaintenanceDeps } from './rewrite';
import type { Rewriter } from './rewriter';
import { TimeSlicer } from '../../base/timeSlicer';

const maxDamaged = 1_000;

interface Findings {
  versions: number;
  contents: number;
  bytes: number;
  /** Contents that cannot be read, and why. */
  readonly lost: Map<string, { readonly file: string; readonly message: string }>;
  readonly repairs: string[];
}

/** Reads the whole history, source by source, and repairs what it can. */
export class IntegrityCheck {
  /** A check in progress, for {@link some}. */
  private quiet: { readonly left: RewriteSource[]; readonly findings: Findings } | undefined;

  constructor(
    private readonly deps: MaintenanceDeps,
    private readonly rewriter: Rewriter,
    private readonly requests: JournalRequests,
  ) {}

  async run(onProgress: (done: number, total: number) => void = () => undefined): Promise<CheckReport> {
    await this.deps.catalog.check();
    const sources = this.sources();
    const findings = nothing();
    for (const [done, source] of sources.entries()) {
      onProgress(done, sources.length);
      await this.checkSource(source, findings);
    }
    onProgress(sources.length, sources.length);
    return this.report(findings);
  }

  /** Checks one more source. Returns the report when all are checked. */
  async some(): Promise<CheckReport | undefined> {
    if (this.quiet === undefined) await this.deps.catalog.check();
    this.quiet ??= { left: this.sources(), findings: nothing() };
    const { left, findings } = this.quiet;
    const next = left.shift();
    if (next !== undefined) {
      await this.checkSource(next, findings);
      return undefined;
    }
    this.quiet = undefined;
    return this.report(findings);
  }

  private sources(): RewriteSource[] {
    return [...this.deps.catalog.sources()].map(([id, { kind }]) => ({ id, kind }));
  }

  private async checkSource(source: RewriteSource, findings: Findings): Promise<void> {
    // Another window may have rewritten it since the check began.
    if (!this.deps.catalog.sources().has(source.id)) return;
    const flaw =
      source.kind === 'segment'
        ? await this.checkPages(source.id, findings)
        : await this.checkRecords(source.id, findings);
    const { walk, contents } = this.deps;
    // So that every content is read from the disk.
    contents.clear();
    const lost = new Set<string>();
    const slices = new TimeSlicer(this.deps.stop);
    for (const sha256 of walk.contents(source.id)) {
      findings.contents++;
      try {
        await contents.read(sha256);
      } catch (error) {
        lost.add(sha256);
        findings.lost.set(sha256, { file: this.fileOf(source), message: reasonOf(error) });
      }
      await slices.pause();
    }
    if (lost.size > 0) await this.findElsewhere(source, lost, findings);
    for (const _version of walk.rows(source.id)) findings.versions++;
    if (flaw !== undefined) await this.mend(source, flaw, findings);
  }

  /** Uses copies in other sources for contents that cannot be read here. */
  private async findElsewhere(source: RewriteSource, lost: ReadonlySet<string>, findings: Findings): Promise<void> {
    const { catalog, contents } = this.deps;
    const copies = new Map<string, readonly [CatalogEntry, RewriteSource]>();
    for (const other of this.sources()) {
      if (other.id === source.id) continue;
      await eachEntry(this.deps, other, (entry) => {
        if (entry.type === 'content' && lost.has(entry.sha256)) copies.set(entry.sha256, [entry, other]);
      }).catch((error: unknown) => this.deps.log.warn(`Copies could not be searched: ${messageOf(error)}`));
    }
    catalog.removeContents(copies.keys());
    for (const [sha256, [entry, other]] of copies) {
      catalog.apply([entry], other, catalog.readTo(other.id));
      const isRead = await contents.read(sha256).then(
        () => true,
        () => false,
      );
      if (isRead) findings.lost.delete(sha256);
    }
  }

  /** What is wrong with a segment, or undefined. */
  private async checkPages(id: string, findings: Findings): Promise<string | undefined> {
    const { segments, files } = this.deps;
    findings.bytes += (await files.stat(segments.pathOf(id)))?.size ?? 0;
    try {
      return await segments.use(id, async (segment) => {
        const damage = segment.check();
        if (damage !== undefined) return Promise.resolve(damage);
        return Promise.resolve(segment.mendedPages > 0 ? 'a page was wrong and could be corrected' : undefined);
      });
    } catch (error) {
      return flawOf(error);
    }
  }

  private async checkRecords(id: string, findings: Findings): Promise<string | undefined> {
    const { journals, catalog } = this.deps;
    const size = catalog.readTo(id);
    findings.bytes += size;
    try {
      const range = { from: headerBytes, size, salt: saltOf(id), isGrowing: true };
      const { damage } = await journals.use(id, (file) => scanJournal(file, range, () => undefined));
      return damage.length > 0 ? `bytes ${damage.map(({ from, to }) => `${from} to ${to}`).join(', ')}` : undefined;
    } catch (error) {
      return flawOf(error);
    }
  }

  /** Sets a damaged source aside and rewrites what can be read of it. */
  private async mend(source: RewriteSource, flaw: string, findings: Findings): Promise<void> {
    const { journals, segments, readOnly } = this.deps;
    if (readOnly !== undefined) {
      findings.repairs.push(`${this.fileOf(source)} is damaged (${flaw}) and was left as it is. ${readOnly}`);
      return;
    }
    // This window can go on in another journal.
    if (source.kind === 'journal' && !journals.isUnused(source.id)) await this.requests.rotate();
    if (source.kind === 'journal' && !journals.isUnused(source.id)) {
      findings.repairs.push(
        `${this.fileOf(source)} is damaged (${flaw}) but in use; it is repaired after its window is closed.`,
      );
      return;
    }
    const file = this.fileOf(source);
    if (source.kind === 'segment') await segments.setAside(source.id);
    else await journals.setAside(source.id);
    await this.rewriter.rewrite([source]);
    findings.repairs.push(
      `${file} was damaged (${flaw}): all that can be read of it was rewritten, and the damaged file set aside.`,
    );
  }

  private report({ versions, contents, bytes, lost, repairs }: Findings): CheckReport {
    const { walk, clock } = this.deps;
    const damaged: DamagedVersion[] = [];
    let damagedCount = 0;
    for (const [sha256, { file, message }] of lost) {
      for (const { id, path, time } of walk.versionsWith(sha256)) {
        damagedCount++;
        if (damaged.length < maxDamaged) damaged.push({ id, path, time, file, message });
      }
    }
    // Versions whose content is in no source.
    for (const { id, path, time, sha256 } of walk.withoutContent()) {
      if (lost.has(sha256)) continue;
      damagedCount++;
      const message = 'The part of the store that held its content is damaged or gone.';
      if (damaged.length < maxDamaged) damaged.push({ id, path, time, file: '', message });
    }
    return { time: clock.now(), versions, contents, bytes, damaged, damagedCount, repairs };
  }

  private fileOf({ id, kind }: RewriteSource): string {
    return kind === 'segment' ? this.deps.segments.fileName(id) : this.deps.journals.fileName(id);
  }
}

function nothing(): Findings {
  return { versions: 0, contents: 0, bytes: 0, lost: new Map(), repairs: [] };
}

/** A file that is gone by now is not damaged: its contents are in another source. */
function flawOf(error: unknown): string | undefined {
  return errnoOf(error) === 'ENOENT' ? undefined : messageOf(error);
}

/** The cause of an error, without the advice to run a check. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof ObbyError ? (error.cause ?? error) : error);
}
