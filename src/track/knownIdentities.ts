import { identityIn, type FileIdentity } from '../model/stamp';
import type { VersionId } from '../model/version';
import type { Head } from '../model/historyStore';

/** Newer versions evict older ones in batches; by then the stamps of those contain their identity. */
const maxKnown = 20_000;
const droppedAtOnce = 2_000;

/**
 * Remembers which file a version was read from. A stamp contains it, but a version of a fresh file has no stamp for a
 * while.
 */
export class KnownIdentities {
  private readonly known = new Map<VersionId, FileIdentity>();
  /** The version that was last read from each file. */
  private readonly last = new Map<FileIdentity, VersionId>();

  note(version: VersionId, identity: FileIdentity | undefined): void {
    this.drop(version);
    if (identity === undefined) return;
    this.known.set(version, identity);
    this.last.set(identity, version);
    if (this.known.size > maxKnown) this.dropOldest();
  }

  private dropOldest(): void {
    for (const version of this.known.keys()) {
      this.drop(version);
      if (this.known.size <= maxKnown - droppedAtOnce) return;
    }
  }

  private drop(version: VersionId): void {
    const identity = this.known.get(version);
    if (identity !== undefined && this.last.get(identity) === version) this.last.delete(identity);
    this.known.delete(version);
  }

  /** The number of files and versions that are remembered. */
  get size(): number {
    return this.known.size + this.last.size;
  }

  /** The identity of a version that was read recently. */
  noted(version: VersionId | undefined): FileIdentity | undefined {
    return version === undefined ? undefined : this.known.get(version);
  }

  /** Whether the file of a version was since read again for another version, at whatever path. */
  isElsewhere(version: VersionId | undefined): boolean {
    const identity = this.noted(version);
    return identity !== undefined && this.last.get(identity) !== version;
  }

  of({ version, stamp }: Head): FileIdentity | undefined {
    return stamp === undefined ? this.known.get(version.id) : identityIn(stamp);
  }
}
