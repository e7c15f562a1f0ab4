import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { HistoryStore, VersionDraft } from '../../src/model/historyStore';
import { storeFormat } from '../../src/store/format/storeFormat';
import { sha256Of } from '../../src/base/sha256';
import { openBenchStore, tidy } from './benchStore';
import type { Bench } from './figure';
import { sourceLine, sourceText } from './sourceText';

/** Goes up when another store is made from the same numbers. */
const generatorVersion = 2;

const storePrefix = `store-format${storeFormat}-generator${generatorVersion}-`;

export interface ScaleSize {
  readonly files: number;
  readonly versionsPerFile: number;
}

/** Files that are worked on side by side in a sitting, and how many versions each gets in it. */
const filesInSitting = 50;
const versionsInSitting = 5;
const fileBytes = 1_200;
/** From one sitting to the next: a million versions are a year's. */
const sittingMs = 2 * 3_600_000;
/** Of sittings, after which the store has time to tidy up. */
const tidyEvery = 40;

const scaleFirstTime = Date.UTC(2024, 0, 1);

/**
 * The folder of a store with so many versions, made in sittings: some files are edited in turns, then others. Making it
 * takes minutes, so that it is kept in the cache's folder, under a name that says what it holds.
 */
export async function scaleStore(size: ScaleSize, { folder, cacheDir, say }: Bench): Promise<string> {
  const { files, versionsPerFile } = size;
  const dir = path.join(cacheDir, `${storePrefix}${files}x${versionsPerFile}`);
  if (existsSync(dir)) return dir;
  say(`Making a store of ${files * versionsPerFile} versions, once, for ${dir}…`);
  const unfinished = path.join(folder, 'scale');
  const store = await openBenchStore(unfinished);
  await fill(store, size, say);
  await store.close();
  for (const other of await readdir(cacheDir)) {
    // What was made in an older format.
    if (!other.startsWith(storePrefix)) await rm(path.join(cacheDir, other), { recursive: true });
  }
  if (!existsSync(dir)) await rename(unfinished, dir);
  return dir;
}

export function scalePath(file: number): string {
  return `packages/part${file % 40}/src/module${Math.floor(file / 40) % 60}/file${file}.ts`;
}

/** The contents of the files of such a store, one file after the other. */
export function* scaleContents({
  files,
  versionsPerFile,
}: ScaleSize): Generator<{ readonly path: string; readonly versions: Uint8Array[] }> {
  for (let file = 0; file < files; file++) {
    const texts: string[][] = [];
    const versions = Array.from(
      { length: versionsPerFile },
      (_, n) => draftOf(texts, file, n, 0).content ?? Buffer.alloc(0),
    );
    yield { path: scalePath(file), versions };
  }
}

async function fill(store: HistoryStore, { files, versionsPerFile }: ScaleSize, say: Bench['say']): Promise<void> {
  const texts: string[][] = [];
  let sitting = 0;
  for (let from = 0; from < versionsPerFile; from += versionsInSitting) {
    for (let first = 0; first < files; first += filesInSitting) {
      const time = scaleFirstTime + sitting++ * sittingMs;
      const group = Array.from({ length: Math.min(filesInSitting, files - first) }, (_, n) => first + n);
      const drafts: VersionDraft[] = [];
      for (let version = from; version < from + versionsInSitting; version++) {
        for (const file of group) drafts.push(draftOf(texts, file, version, time + (version - from) * 60_000));
      }
      await store.append(drafts);
      if (sitting % tidyEvery === 0) await tidy(store);
    }
    say(`  ${files * Math.min(versionsPerFile, from + versionsInSitting)} versions`);
  }
  await tidy(store);
}

/** The next version of a file: a line of the one before is another. */
function draftOf(texts: string[][], file: number, version: number, time: number): VersionDraft {
  const before = texts[file];
  const text = before ? [...before] : sourceText(file, fileBytes);
  if (before) text[(version * 7) % text.length] = sourceLine(file * 1_000 + version);
  texts[file] = text;
  const content = Buffer.from(text.join(''));
  return {
    ...{ path: scalePath(file), kind: version === 0 ? 'created' : 'modified', cause: 'external', confidence: 'likely' },
    ...{ time, changeSet: time.toString(36), size: content.length, sha256: sha256Of(content), content },
    ...{ added: before ? 1 : text.length, removed: before ? 1 : 0, eolOnly: false, binary: false },
  };
}
