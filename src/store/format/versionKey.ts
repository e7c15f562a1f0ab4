import { randomBytes } from 'node:crypto';
import { isVersionId, type VersionId } from '../../model/version';

/** The parts of a version id, which order versions. */
export interface VersionKey {
  /** ms since the epoch. */
  readonly time: number;
  readonly writer: string;
  /** Counts a writer's versions. */
  readonly sequence: number;
}

export function formatVersionId(key: VersionKey): VersionId {
  return `v1-${key.time.toString(36).padStart(9, '0')}-${key.writer}-${key.sequence.toString(36)}`;
}

/** Undefined for anything but a version id. */
export function parseVersionId(id: unknown): VersionKey | undefined {
  if (!isVersionId(id)) return undefined;
  const [, time = '', writer = '', sequence = ''] = id.split('-');
  const key = { time: parseInt(time, 36), writer, sequence: parseInt(sequence, 36) };
  return Number.isSafeInteger(key.sequence) ? key : undefined;
}

/** The time by which a version is ordered; it was recorded then, unless the system's clock had been set back. */
export function timeOfId(id: VersionId): number {
  return parseVersionId(id)?.time ?? 0;
}

/** Random `[0-9a-z]` characters. */
export function randomName(length: number): string {
  return Array.from(randomBytes(length), (byte) => (byte % 36).toString(36)).join('');
}
