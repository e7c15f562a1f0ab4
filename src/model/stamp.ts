/**
 * What a file looked like on disk when its content was last compared: equal stamps mean an unchanged file.
 * Opaque; made of size, times, inode and birth time.
 */
export type FileStamp = string;

/**
 * Which file it is, whatever it is called and holds: its inode and when that was made, since the inode of a deleted file
 * is used again. Opaque.
 */
export type FileIdentity = string;

/** The part of Node's `BigIntStats` that tells one state of a file from the next. */
export interface FileTimes {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  readonly birthtimeNs: bigint;
}

/** The coarsest time stamps in use are FAT's, 2 s apart: within them a second write can leave a stamp the same. */
const coarsestNs = 2_000_000_000n;

/** Undefined while the file is so fresh that another write could leave its stamp the same. */
export function stampOf(times: FileTimes, nowMs: number): FileStamp | undefined {
  const { size, mtimeNs, ctimeNs, ino, birthtimeNs } = times;
  const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  if (BigInt(Math.floor(nowMs)) * 1_000_000n - newest < coarsestNs) return undefined;
  return [size, mtimeNs, ctimeNs, ino, birthtimeNs].join(':');
}

/** Undefined where the file system does not tell. */
export function identityOf({ ino, birthtimeNs }: FileTimes): FileIdentity | undefined {
  return ino > 0n && birthtimeNs > 0n ? `${ino}:${birthtimeNs}` : undefined;
}

/** The identity that a stamp is made of; undefined where the file system did not tell. */
export function identityIn(stamp: FileStamp): FileIdentity | undefined {
  const [ino = '', birthtimeNs = ''] = stamp.split(':').slice(3);
  return Number(ino) > 0 && Number(birthtimeNs) > 0 ? `${ino}:${birthtimeNs}` : undefined;
}
