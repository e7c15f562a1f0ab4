import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** All test files below a folder; none when it does not exist. */
export function testFilesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return testFilesBelow(file);
      return entry.name.endsWith('.test.js') ? [file] : [];
    })
    .sort();
}
