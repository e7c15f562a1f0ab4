/**
 * What a file looked like on disk when its content was last compared: equal stamps mean an unchanged file.
 * Opaque; made of size, times and inode.
 */
export type FileStamp = string;

/** The part of Node's `BigIntStats` that tells one state of a file from the next. */
export interface FileTimes {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
}

/** The coarsest time stamps in use are FAT's, 2 s apart: within them a second write can leave a stamp the same. */
const coarsestNs = 2_000_000_000n;

/** Undefined while the file is so fresh that another write could leave its stamp the same. */
export function stampOf(times: FileTimes, nowMs: number): FileStamp | undefined {
  const { size, mtimeNs, ctimeNs, ino } = times;
  const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  if (BigInt(Math.floor(nowMs)) * 1_000_000n - newest < coarsestNs) return undefined;
  return `${size}:${mtimeNs}:${ctimeNs}:${ino}`;
}
