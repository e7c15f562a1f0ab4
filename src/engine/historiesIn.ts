import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, sep } from 'node:path';

/** The folder of all histories and the own one, where they lie in the workspace folder: to record them never ends. */
export function historiesIn(root: string, storeDir: string): string[] {
  const store = real(storeDir);
  const ways = [dirname(store), store].map((dir) => relative(real(root), dir));
  const inside = ways.filter((way) => way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  return inside.map((way) => way.replaceAll(sep, '/'));
}

/** Without links; a workspace folder may be missing. */
function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
