import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryStore } from '../../../../src/model/historyStore';
import { lineHistory } from '../../../../src/query/lines/lineHistory';
import { lineOrigins } from '../../../../src/query/lines/lineOrigins';
import type { Random } from '../../../model/random';
import { BlameOracle } from '../../../support/blameOracle';
import { chanceOf, times } from '../../../support/chance';
import { draft } from '../../store/fixtures';
import { MemoryFiles } from '../../store/memoryFiles';
import { open } from '../../store/upkeepSample';

const path = 'file.txt';
let lines = 0;

/** A line like no other one, long enough to be known when it is moved. */
function newLine(chance: Random): string {
  return `line ${lines++} ${chance.bytes(12).toString('hex')};\n`;
}

type Edit = 'insert' | 'delete' | 'replace' | 'indent' | 'move';

function edited(text: readonly string[], chance: Random, edit: Edit): string[] {
  const count = chance.integer(1, 4);
  const at = chance.integer(0, Math.max(0, text.length - count));
  const fresh = (most: number): string[] => Array.from({ length: most }, () => newLine(chance));
  const rest = [...text];
  switch (edit) {
    case 'insert':
      rest.splice(at, 0, ...fresh(count));
      return rest;
    case 'delete':
      if (text.length > count) rest.splice(at, count);
      return rest;
    case 'replace':
      // git does not pair the lines of a change; with one of each there is nothing to pair.
      rest.splice(at, count, ...fresh(count === 1 ? 1 : count + 1));
      return rest;
    case 'indent':
      return text.map((line, index) => (index >= at && index < at + count ? `  ${line}` : line));
    case 'move': {
      const block = rest.splice(at, count);
      rest.splice(chance.integer(0, rest.length), 0, ...block);
      return rest;
    }
  }
}

async function storeOf(texts: readonly string[]): Promise<HistoryStore> {
  const store = await open(new MemoryFiles());
  for (const text of texts) await store.append([draft(path, text)]);
  return store;
}

/** Random edits of a file, the oldest text first. */
function history(chance: Random, edits: readonly Edit[]): string[] {
  let text = Array.from({ length: 12 }, () => newLine(chance));
  const texts = [text.join('')];
  for (let step = 0; step < 20; step++) {
    const next = edited(text, chance, chance.pick(edits));
    if (next.join('') !== text.join('')) texts.push(next.join(''));
    text = next;
  }
  return texts;
}

/** The place of each version among the texts, by id. */
async function indexes(store: HistoryStore): Promise<Map<string, number>> {
  const versions = await store.versions(path, { limit: 1_000 });
  return new Map(versions.map(({ id }, at) => [id, versions.length - 1 - at]));
}

const spelled = (same: string): Promise<string> => Promise.resolve(same);

test('each line has the version that git blame names', async () => {
  const chance = chanceOf('blame');
  for (let round = 0; round < times(6); round++) {
    const texts = history(chance, ['insert', 'delete', 'replace', 'indent', 'move']);
    const [store, oracle] = [await storeOf(texts), new BlameOracle(texts)];
    const { versions, lines: found } = await lineOrigins({ store, spelled }, path, {});
    const at = await indexes(store);
    const named = found.map((index) => at.get(versions[index]?.id ?? ''));
    assert.deepEqual(named, oracle.blame(), JSON.stringify(texts));
    for (const [line, version] of named.entries()) {
      const [newest] = await lineHistory({ store, spelled }, path, { start: line, end: line + 1 }, { limit: 1 });
      assert.equal(newest && at.get(newest.version.id), version, `line ${line} ${JSON.stringify(texts)}`);
    }
    oracle.dispose();
    await store.close();
  }
});

test('some lines have the versions that git log -L names', async () => {
  const chance = chanceOf('log of lines');
  for (let round = 0; round < times(4); round++) {
    const texts = history(chance, ['insert', 'delete', 'replace']);
    const [store, oracle] = [await storeOf(texts), new BlameOracle(texts)];
    const at = await indexes(store);
    const count = (texts.at(-1)?.match(/\n/g) ?? []).length;
    for (let query = 0; query < 3; query++) {
      const start = chance.integer(0, count - 1);
      const end = chance.integer(start + 1, Math.min(count, start + 5));
      const found = await lineHistory({ store, spelled }, path, { start, end }, { limit: 1_000 });
      const named = found.map(({ version }) => at.get(version.id));
      assert.deepEqual(named, oracle.changesOf(start, end), `${start} ${end} ${JSON.stringify(texts)}`);
    }
    oracle.dispose();
    await store.close();
  }
});
