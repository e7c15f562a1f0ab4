import { UnreadableSource, type RewriteSource } from './rewrite';
import type { Rewriter, RewriteOptions } from './rewriter';
import type { MaintenanceDeps } from './maintenanceDeps';

/** A segment, its bytes on disk and the number of its entries. */
export interface SizedSegment {
  readonly id: string;
  readonly bytes: number;
  readonly entries: number;
}

/** The files that maintenance may rewrite: all but those that were found unreadable since the last check. */
export class RewritableSources {
  private readonly unreadable = new Set<string>();

  constructor(
    private readonly deps: MaintenanceDeps,
    private readonly rewriter: Rewriter,
  ) {}

  /** Journals that no window appends to any more. */
  finishedJournals(): RewriteSource[] {
    const finished = this.deps.journals.finished();
    return finished.flatMap(({ id }) => (this.unreadable.has(id) ? [] : [{ id, kind: 'journal' }]));
  }

  /** Oldest first. */
  async segments(): Promise<SizedSegment[]> {
    const { files, segments, catalog } = this.deps;
    const sizes: SizedSegment[] = [];
    for (const { id, entries } of catalog.segments()) {
      if (segments.isSetAside(id) || this.unreadable.has(id)) continue;
      sizes.push({ id, entries, bytes: (await files.stat(segments.pathOf(id)))?.size ?? 0 });
    }
    return sizes;
  }

  /** Bytes on disk of the whole store, or of some of its files. */
  async totalBytes(isMeant: (fileName: string) => boolean = () => true): Promise<number> {
    const { files, dir } = this.deps;
    const names = (await files.list(dir)).filter(isMeant);
    const infos = await Promise.all(names.map((name) => files.stat(`${dir}/${name}`)));
    return infos.reduce((sum, info) => sum + (info?.size ?? 0), 0);
  }

  /** Rewrites sources; reports and skips one that is unreadable. */
  async rewrite(sources: readonly RewriteSource[], options?: RewriteOptions): Promise<boolean> {
    try {
      return await this.rewriter.rewrite(sources, options);
    } catch (error) {
      if (!(error instanceof UnreadableSource)) throw error;
      this.unreadable.add(error.source);
      this.deps.report({ file: error.file, message: error.message });
      return false;
    }
  }

  /** After a check, unreadable files are tried again. */
  tryAllAgain(): void {
    this.unreadable.clear();
  }
}
