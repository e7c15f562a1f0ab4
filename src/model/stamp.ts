/**
 * The state of a file on disk when its content was last compared: equal stamps mean an unchanged file. Opaque; made of
 * size, times, inode and birth time.
 */
export type FileStamp = string;

/**
 * The identity of a file, independent of its name and content: its inode and birth time, because the inode of a deleted
 * file is reused. Opaque.
 */
export type FileIdentity = string;

/** The members of Node's `BigIntStats` that change with the state of a file. */
export interface FileTimes {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  readonly birthtimeNs: bigint;
}

/** The coarsest file times in use are FAT's, 2 s apart: a second write within 2 s can leave a stamp the same. */
const coarsestNs = 2_000_000_000n;
/** By so much the clock of a disk may be ahead, as that of a server. */
const maxAheadNs = 60_000_000_000n;

/**
 * Undefined while the file is so fresh that another write could leave its stamp the same. Fresh is what its change time
 * says, which every write sets and nothing else can: a modification time may be any, also next year's.
 */
export function stampOf(times: FileTimes, nowMs: number): FileStamp | undefined {
  const { size, mtimeNs, ctimeNs, ino, birthtimeNs } = times;
  const changedNs = ctimeNs > 0n ? ctimeNs : mtimeNs;
  const ageNs = BigInt(Math.floor(nowMs)) * 1_000_000n - changedNs;
  // A clock that is further ahead says nothing; without a stamp the file would be read again and again.
  if (ageNs < coarsestNs && ageNs > -maxAheadNs) return undefined;
  return [size, mtimeNs, ctimeNs, ino, birthtimeNs].join(':');
}

/** Undefined where the file system has no inodes or birth times. */
export function identityOf({ ino, birthtimeNs }: FileTimes): FileIdentity | undefined {
  return ino > 0n && birthtimeNs > 0n ? `${ino}:${birthtimeNs}` : undefined;
}

/** The identity in a stamp; undefined where the file system has no inodes or birth times. */
export function identityIn(stamp: FileStamp): FileIdentity | undefined {
  const [ino = '', birthtimeNs = ''] = stamp.split(':').slice(3);
  return Number(ino) > 0 && Number(birthtimeNs) > 0 ? `${ino}:${birthtimeNs}` : undefined;
}
