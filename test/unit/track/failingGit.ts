import type { Stats } from 'node:fs';
import { GitFiles, nodeCalls, type GitFileCalls } from '../../../src/track/git/gitFiles';
import { errnoError } from '../store/memoryFiles';

/** Files of a repository some of whose calls fail, as those of files that may not be read, and what is open of them. */
export function failingGit(
  fails: (call: keyof GitFileCalls, path: string) => boolean,
  /** Undefined: what the disk says. */
  lies: { readonly stat?: (path: string) => Stats | undefined } = {},
) {
  const opened = new Map<number, string>();
  const guard = (call: keyof GitFileCalls, path: string): void => {
    if (fails(call, path)) throw errnoError('EACCES');
  };
  const pathOf = (file: number): string => opened.get(file) ?? '';
  const files = new GitFiles({
    stat(path) {
      guard('stat', path);
      return lies.stat?.(path) ?? nodeCalls.stat(path);
    },
    open(path) {
      guard('open', path);
      const file = nodeCalls.open(path);
      opened.set(file, path);
      return file;
    },
    fstat(file) {
      guard('fstat', pathOf(file));
      return nodeCalls.fstat(file);
    },
    read(file, buffer, position) {
      guard('read', pathOf(file));
      return nodeCalls.read(file, buffer, position);
    },
    close(file) {
      opened.delete(file);
      nodeCalls.close(file);
    },
    names(folder, most) {
      guard('names', folder);
      return nodeCalls.names(folder, most);
    },
  });
  return { files, opened };
}
