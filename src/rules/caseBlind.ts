import { lstatSync } from 'node:fs';

/** The file that exists in every watched folder. */
const probe = '.obbywatch';

/** The inode of the file at a path; undefined if there is none. Throws the file system's errors. */
export type InodeOf = (file: string) => bigint | undefined;

export const inodeOf: InodeOf = (file) => lstatSync(file, { bigint: true, throwIfNoEntry: false })?.ino;

/** Whether any spelling of a name leads to its file in a folder; undefined when nothing in it tells. */
export function isCaseBlindIn(folder: string, ino = inodeOf): boolean | undefined {
  const present = ino(`${folder}/${probe}`);
  return present === undefined ? undefined : ino(`${folder}/${probe.toUpperCase()}`) === present;
}

/** In lower case, as git compares names on such a disk: only the letters of ASCII. */
export function withoutCase(bytes: string): string {
  return /[A-Z]/.test(bytes) ? bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : bytes;
}
