import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { HistoryStore, VersionDraft } from '../../../../src/model/historyStore';
import { searchScopes, type FolderSearchQuery, type SearchHitRecord } from '../../../../src/model/search';
import { defaultRetention } from '../../../../src/model/historyMaintenance';
import { causes, type VersionRecord } from '../../../../src/model/version';
import { RunningSearches } from '../../../../src/query/search/runningSearches';
import type { Random } from '../../../model/random';
import { chanceOf, times } from '../../../support/chance';
import { patternProgram } from '../../../support/patternProgram';
import { deletion, draft } from '../../store/fixtures';
import { MemoryFiles } from '../../store/memoryFiles';
import { open, work } from '../../store/upkeepSample';

const words = ['alpha', 'Beta', 'gamma', 'delta(x)', 'alphabet', 'été', 'a.b', '', '  alpha', 'x'.repeat(50)];
const endings = ['\n', '\r\n', '\r'];
const paths = ['a.ts', 'b.ts', 'src/c.ts', 'src/d.md'];
const searches = new RunningSearches(patternProgram);
after(() => searches.dispose());
const exported = '/elsewhere/out.obby';
let lastId = 0;

async function found(store: HistoryStore, query: FolderSearchQuery): Promise<SearchHitRecord[]> {
  const id = String(lastId++);
  searches.start(id, store, query);
  const hits: SearchHitRecord[] = [];
  for (;;) {
    const batch = await searches.next(id);
    hits.push(...batch.hits);
    if (batch.isDone) return hits;
  }
}

/** A line of the oracle: a version's id, what happened and the text. */
type Line = string;

const lineOf = (id: string, change: string, text: string, isLost: boolean): Line =>
  `${id} ${change} ${JSON.stringify(text)}${isLost ? ' lost' : ''}`;

/** Every hit, from all contents and by other code. */
async function expected(store: HistoryStore, query: FolderSearchQuery): Promise<Line[]> {
  const versions = await store.recent({ limit: 10_000 });
  const byId = new Map(versions.map((version) => [version.id, version]));
  const linesOf = async (version: VersionRecord | undefined): Promise<string[] | undefined> => {
    if (version === undefined || version.kind === 'deleted') return version && [];
    if (version.sha256 === undefined || version.unstored) return undefined;
    const bytes = Buffer.from(await store.content(version.id));
    if (bytes.includes(0)) return [];
    return bytes
      .toString('utf8')
      .split(/\r\n|\r|\n/)
      .filter((line) => matches(line, query));
  };
  const live = new Set<string>();
  for (const { version } of await store.heads(''))
    for (const line of (await linesOf(byId.get(version.id))) ?? []) live.add(line);
  const all: Line[] = [];
  for (const version of versions) {
    if (query.cause !== undefined && version.cause !== query.cause) continue;
    if (version.time < (query.since ?? 0) || version.time >= (query.until ?? Infinity)) continue;
    if (query.path !== undefined && !version.path.endsWith(query.path.slice(1))) continue;
    const now = await linesOf(version);
    if (now === undefined) continue;
    let previous = version.previous === undefined ? undefined : byId.get(version.previous);
    while (previous && (await linesOf(previous)) === undefined) previous = byId.get(previous.previous ?? '');
    const isNew = version.kind === 'created' && version.cause !== 'baseline';
    const before = previous ? await linesOf(previous) : isNew ? [] : undefined;
    const [gone, come] = [minus(before ?? [], now), minus(now, before ?? [])];
    const add = (lines: string[], change: string): void => {
      for (const text of lines) {
        const isLost = !live.has(text);
        const { where = 'any' } = query;
        const isMeant = where === 'any' || where === change || (where === 'lost' && change === 'removed' && isLost);
        if (isMeant) all.push(lineOf(version.id, change, text, isLost));
      }
    };
    add(gone, 'removed');
    add(come, before === undefined ? 'present' : 'added');
  }
  return all.sort();
}

function matches(
  line: string,
  { text = '', regex, caseSensitive = false, wholeWord = false }: FolderSearchQuery,
): boolean {
  if (regex !== undefined) return new RegExp(regex, caseSensitive ? 'u' : 'iu').test(line);
  const [where, what] = caseSensitive ? [line, text] : [line.toLowerCase(), text.toLowerCase()];
  const isWord = (character: string | undefined): boolean =>
    character !== undefined && /[\p{L}\p{N}_]/u.test(character);
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + 1)) {
    if (!wholeWord || (!isWord(where[at - 1]) && !isWord(where[at + what.length]))) return true;
  }
  return false;
}

/** The lines of a list that another one does not have, one for one. */
function minus(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function randomText(chance: Random): string {
  const ending = chance.pick(endings);
  const lines = Array.from(
    { length: chance.integer(0, 12) },
    () => chance.pick(words) + chance.pick(['', ' ', ' beta', '!']),
  );
  return lines.join(ending) + chance.pick(['', ending]);
}

/** A random change of a text: lines come, go and move. */
function edited(text: string, chance: Random): string {
  const lines = text.split(/(?<=\r\n|\r(?!\n)|\n)/);
  for (let n = chance.integer(1, 3); n > 0; n--) {
    const at = chance.integer(0, lines.length);
    if (chance.below(1) < 0.5) lines.splice(at, 1);
    else lines.splice(at, 0, `${chance.pick(words)}\n`);
  }
  return lines.join('');
}

async function randomHistory(chance: Random): Promise<{ store: HistoryStore; files: MemoryFiles }> {
  const files = new MemoryFiles();
  const store = await open(files);
  const texts = new Map<string, string>();
  let time = 1_000_000;
  for (let n = chance.integer(5, 60); n > 0; n--) {
    time += chance.integer(1, 1_000);
    const path = chance.pick(paths);
    const before = texts.get(path);
    const extra: Partial<VersionDraft> = {
      time,
      cause: chance.pick(causes),
      kind: before === undefined ? 'created' : 'modified',
    };
    const what = chance.weighted([
      [8, 'edit'],
      [2, 'delete'],
      [1, 'binary'],
      [1, 'too large'],
      [1, 'rename'],
      [2, 'text'],
    ] as const);
    const text = before === undefined || what === 'text' ? randomText(chance) : edited(before, chance);
    const other = chance.pick(paths);
    if (what === 'delete' && before !== undefined) {
      texts.delete(path);
      await store.append([deletion(path, { ...extra, kind: 'deleted' })]);
    } else if (what === 'rename' && before !== undefined && !texts.has(other)) {
      texts.delete(path);
      texts.set(other, text);
      await store.append([draft(other, text, { ...extra, kind: 'renamed', renamedFrom: path })]);
    } else if (what === 'too large') {
      texts.set(path, before ?? '');
      const { content: _content, ...rest } = draft(path, text, { ...extra, unstored: 'too large' });
      await store.append([rest]);
    } else {
      texts.set(path, text);
      const bytes = what === 'binary' ? Buffer.from(`alpha\0${text}`) : Buffer.from(text);
      await store.append([draft(path, bytes, { ...extra, binary: what === 'binary' })]);
    }
    if (chance.below(1) < 0.05) await work(store);
  }
  return { store, files };
}

function randomQuery(chance: Random): FolderSearchQuery {
  const isRegex = chance.below(1) < 0.25;
  return {
    ...(isRegex
      ? { regex: chance.pick(['^alpha', 'a$', 'a.b', '[bg]\\w+a', 'é']) }
      : { text: chance.pick(['alpha', 'BETA', 'a.b', 'x', 'É', '  alpha', '(x)', 'none']) }),
    ...(chance.below(1) < 0.3 && { caseSensitive: true }),
    ...(!isRegex && chance.below(1) < 0.3 && { wholeWord: true }),
    ...(chance.below(1) < 0.2 && { path: chance.pick(['*.ts', '*.md']) }),
    ...(chance.below(1) < 0.2 && { since: 1_000_000 + chance.integer(0, 20_000) }),
    ...(chance.below(1) < 0.2 && { until: 1_000_000 + chance.integer(0, 20_000) }),
    ...(chance.below(1) < 0.2 && { cause: chance.pick(causes) }),
    where: chance.pick(searchScopes),
  };
}

async function assertSame(store: HistoryStore, query: FolderSearchQuery, when: string): Promise<void> {
  const hits = await found(store, query);
  const lines = hits.map(({ version, change, text, isLost }) => lineOf(version.id, change, text, isLost));
  assert.deepEqual(lines.sort(), await expected(store, query), `${when}: ${JSON.stringify(query)}`);
  const ids = hits.map(({ version }) => version.id);
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => (timeOf(a) === timeOf(b) ? 0 : timeOf(b) - timeOf(a))),
    'newest first',
  );
  for (const { version, line, text, change, ranges } of hits) {
    const id = change === 'removed' ? version.previous : version.id;
    if (id === undefined || (await store.version(id)).unstored) continue;
    if ((await store.version(id)).kind === 'deleted') continue;
    assert.equal(
      Buffer.from(await store.content(id))
        .toString('utf8')
        .split(/\r\n|\r|\n/)[line],
      text,
    );
    if (query.text !== undefined) {
      for (const [from, to] of ranges) assert.equal(text.slice(from, to).toLowerCase(), query.text.toLowerCase());
      assert.ok(ranges.length > 0);
    }
  }
}

function timeOf(id: string): number {
  return parseInt(id.split('-')[1] ?? '', 36);
}

test('a search finds what a scan of all contents finds, also after retention, deletion and import', async () => {
  const chance = chanceOf('searches');
  for (let n = 0; n < times(8); n++) {
    const { store, files } = await randomHistory(chance);
    const ask = async (when: string): Promise<void> => {
      for (let each = 0; each < 6; each++) await assertSame(store, randomQuery(chance), when);
    };
    await ask('recorded');
    await work(store);
    await ask('sealed');
    const [some] = await store.recent({ limit: 1 });
    if (some && chance.below(1) < 0.5) await store.append([draft(some.path, randomText(chance), { time: 3_000_000 })]);
    store.setRetention({ ...defaultRetention, quotaBytes: 4 << 10 });
    await work(store);
    await ask('after retention');
    const other = await randomHistory(chance);
    await other.store.exportTo(exported, () => true);
    await other.store.close();
    files.put(exported, other.files.get(exported));
    await store.importFrom(exported);
    await ask('after an import');
    if (chance.below(1) < 0.5) await store.forget({ path: chance.pick(paths) });
    else await store.forget({ bytes: [Buffer.from(chance.pick(['alpha', 'Beta']))] });
    await ask('after a deletion');
    await store.close();
  }
});
