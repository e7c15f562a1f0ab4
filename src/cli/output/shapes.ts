import type { VersionRecord } from '../../model/version';
import { octal } from './words';

/** A time in JSON: ISO 8601, in UTC. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** A version in JSON. */
export interface VersionShape {
  readonly id: string;
  readonly path: string;
  readonly kind: VersionRecord['kind'];
  readonly time: string;
  readonly cause: VersionRecord['cause'];
  readonly confidence: VersionRecord['confidence'];
  readonly detail?: VersionRecord['causeDetail'];
  readonly size: number;
  readonly sha256?: string;
  readonly added?: number;
  readonly removed?: number;
  readonly binary: boolean;
  /** Octal. */
  readonly mode?: string;
  readonly unstored?: VersionRecord['unstored'];
  readonly label?: string;
  readonly pinned: boolean;
  readonly previous?: string;
  readonly renamedFrom?: string;
  readonly changeSet: string;
}

export function versionShape(version: VersionRecord): VersionShape {
  const { id, path, kind, time, cause, confidence, causeDetail, size, sha256, added, removed, binary } = version;
  const { mode, unstored, label, pinned, previous, renamedFrom, changeSet } = version;
  return {
    ...{ id, path, kind, time: isoTime(time), cause, confidence },
    ...(causeDetail && { detail: causeDetail }),
    size,
    ...(sha256 !== undefined && { sha256 }),
    ...(added !== undefined && { added }),
    ...(removed !== undefined && { removed }),
    binary,
    ...(mode !== undefined && { mode: octal(mode) }),
    ...(unstored !== undefined && { unstored }),
    ...(label !== undefined && { label }),
    pinned,
    ...(previous !== undefined && { previous }),
    ...(renamedFrom !== undefined && { renamedFrom }),
    changeSet,
  };
}
