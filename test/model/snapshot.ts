import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { RuleTexts } from './watched';

/** What lay in a folder at a moment, without git's own files. */
export interface Snapshot {
  /** SHA-256 of each file's bytes. */
  readonly files: ReadonlyMap<string, string>;
  /** What tells each file from any other that has its name at another time. */
  readonly identities: ReadonlyMap<string, string>;
  readonly rules: RuleTexts;
}

/** Reads everything below a folder, and hands over the bytes of each file. */
export function takeSnapshot(root: string, keep: (sha256: string, bytes: Buffer) => void): Snapshot {
  const files = new Map<string, string>();
  const identities = new Map<string, string>();
  let watch: string | undefined;
  const ignores: { dir: string; text: string }[] = [];
  const read = (below: string): void => {
    for (const entry of readdirSync(path.join(root, below), { withFileTypes: true })) {
      if (entry.name === '.git') continue;
      const file = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        read(file);
        continue;
      }
      const bytes = readFileSync(path.join(root, file));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      keep(sha256, bytes);
      files.set(file, sha256);
      const { ino, birthtimeMs } = statSync(path.join(root, file));
      identities.set(file, `${ino} ${birthtimeMs}`);
      if (file === '.obbywatch') watch = bytes.toString();
      if (entry.name === '.obbyignore') ignores.push({ dir: below, text: bytes.toString() });
    }
  };
  read('');
  return { files, identities, rules: { watch, ignores } };
}
