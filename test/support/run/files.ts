import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isLong } from '../chance';

/** All test files below a folder, `*.long.test.js` only in a long run; none when it does not exist. */
export function testFilesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return testFilesBelow(file);
      const isWanted = isLong || !entry.name.endsWith('.long.test.js');
      return isWanted && entry.name.endsWith('.test.js') ? [file] : [];
    })
    .sort();
}
