import { lstatSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** With more links than this, scans alone find what changes behind the others. */
const maxLinks = 10_000;

/** The watched links of one folder, by the file in the folder that each leads to: a change there is one of the link. */
export class LinkTargets {
  private readonly targets = new Map<string, string>();
  private readonly links = new Map<string, Set<string>>();

  constructor(private readonly root: string) {}

  /** Notes where a path leads now, if it is a link. */
  note(link: string): void {
    const before = this.targets.get(link);
    if (before !== undefined) this.links.get(before)?.delete(link);
    this.targets.delete(link);
    const target = this.targetOf(link);
    if (target === undefined || this.targets.size >= maxLinks) return;
    this.targets.set(link, target);
    const links = this.links.get(target) ?? new Set();
    this.links.set(target, links.add(link));
  }

  /** The links that lead to a path. */
  to(path: string): Iterable<string> {
    return this.links.get(path) ?? [];
  }

  /** Undefined for what is no link, or leads nowhere or out of the folder. */
  private targetOf(link: string): string | undefined {
    try {
      if (!lstatSync(join(this.root, link)).isSymbolicLink()) return undefined;
      const way = relative(realpathSync.native(this.root), realpathSync.native(join(this.root, link)));
      return way === '' || way.startsWith('..') ? undefined : way.replaceAll(sep, '/');
    } catch {
      return undefined;
    }
  }
}
