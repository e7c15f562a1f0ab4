import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import type { LabelRecord } from '../../src/model/historyMaintenance';
import type { HistoryStore, VersionDraft } from '../../src/model/historyStore';
import type { VersionRecord } from '../../src/model/version';
import { runCommand } from '../support/host/command';
import { installServer, newestRelease } from '../support/host/install';
import { projectRoot } from '../support/host/project';
import { deletion, draft, openTestStore, sha256, temporaryFolder } from '../unit/store/fixtures';

/** Small, so that what is written in between is sealed. */
const sizes = { fullBytes: 4 << 20, minSealBytes: 4 << 10 };
const timeoutMs = 60_000;

/** A version as the reader lists it. */
interface ReadVersion {
  readonly id: string;
  readonly path: string;
  readonly kind: string;
  readonly unstored?: string | null;
  readonly mode?: number | null;
  /** In what, and in which encoding; absent for a version without content. */
  readonly stands?: string;
}

/** An annotation as the reader lists it. */
interface ReadAnnotation {
  readonly type: 'label' | 'pin';
  readonly id?: string;
  readonly removed?: boolean;
  readonly version?: string;
  readonly pinned?: boolean;
}

/** Bytes that nothing makes smaller, the same in every run. */
function noise(seed: number, length: number): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24),
  );
}

function text(name: string, lines: number): string {
  return Array.from({ length: lines }, (_, n) => `${name} says line ${n}, which is ${(n * 7_919) % 1_013}\n`).join('');
}

/** A change of every kind of content that there is, different in each round. */
function drafts(round: number): VersionDraft[] {
  const time = 1_700_000_000_000 + round * 1_000;
  const large = Buffer.concat([noise(7, 200_000), Buffer.from(`round ${round}`.repeat(round)), noise(8, 200_000)]);
  return [
    ...Array.from({ length: 6 }, (_, n) =>
      draft(`src/part${n}.ts`, `${text(`part ${n}`, 20 + n)}${round}\n`, { time, mode: n === round ? 0o755 : 0o644 }),
    ),
    draft('long.md', `${text('long', 3_000)}${round}\n`, { time }),
    draft('longer.md', `${round}\n${text('longer', 8_000)}${round}\n`, { time }),
    draft('large.bin', large, { time, binary: true }),
    draft('noise.png', noise(100 + round, 20_000), { time, binary: true }),
    draft('empty.txt', round % 2 === 0 ? '' : '\0', { time }),
    draft('same.txt', round % 2 === 0 ? text('same', 10) : text('other', 10), { time }),
    draft(`moved${round}.txt`, `${text('moved', 40)}${round}`, {
      ...{ time, kind: 'renamed', renamedFrom: `moved${round - 1}.txt` },
    }),
    round % 2 === 0 ? draft('héllo “gone”.txt', text('gone', 10), { time }) : deletion('héllo “gone”.txt', { time }),
    {
      ...deletion('huge.iso', { time }),
      kind: 'modified',
      size: 1e12,
      sha256: sha256(noise(round, 9)),
      unstored: 'too large',
    },
  ];
}

describe('a store without Obby', () => {
  let node = '';
  const dir = temporaryFolder();
  const recorded = new Map<string, VersionDraft>();
  /** As the store gives them, versions oldest first. */
  let inOrder: readonly VersionRecord[] = [];
  let labels: readonly LabelRecord[] = [];

  /** Runs a program in the newest Node.js at hand, whose SQLite and zstd are not the store's. */
  const run = (...args: string[]) => runCommand(node, args, { timeoutMs });

  /** Has another SQLite look at databases. */
  async function areInOrder(files: readonly string[]): Promise<void> {
    const script = `
      import { DatabaseSync } from 'node:sqlite';
      for (const file of process.argv.slice(1)) {
        const database = new DatabaseSync(file, { readOnly: true });
        console.log(database.prepare('PRAGMA integrity_check').all().map((row) => row.integrity_check).join('; '));
      }`;
    const answer = await run('--no-warnings', '--input-type=module', '--eval', script, ...files);
    assert.deepEqual(
      answer.split('\n'),
      files.map(() => 'ok'),
    );
  }

  async function record(store: HistoryStore, from: number, to: number): Promise<void> {
    for (let round = from; round < to; round++) {
      const sent = drafts(round);
      for (const [n, { id }] of (await store.append(sent)).entries()) recorded.set(id, sent[n] as VersionDraft);
    }
  }

  /** Labels and pins, given and taken away within one millisecond of the clock. */
  async function annotate(store: HistoryStore): Promise<void> {
    await store.label('a label', 1_000);
    await store.removeLabel((await store.label('no label any more', 2_000)).id);
    const [first, second] = await store.recent({ limit: 2 });
    for (const { id } of [first, second].flatMap((version) => version ?? [])) {
      await store.pin(id, true);
      await store.pin(id, id === first?.id);
    }
  }

  before(async () => {
    ({ node } = await installServer(newestRelease));
    const store = await openTestStore({ dir, sizes });
    await record(store, 0, 8);
    while (await store.maintain());
    await record(store, 8, 12);
    while (await store.maintain());
    await store.close();
    const again = await openTestStore({ dir });
    await record(again, 12, 13);
    await annotate(again);
    await again.append([draft('secret.txt', 'forgotten')]);
    const journals = readdirSync(dir).filter((name) => name.endsWith('.journal'));
    const replaced = journals.map((name) => ({
      file: path.join(dir, name),
      bytes: readFileSync(path.join(dir, name)),
    }));
    await again.forget({ path: 'secret.txt' });
    // What comes now stays in a journal.
    await record(again, 13, 16);
    await annotate(again);
    inOrder = (await again.recent({ limit: 10_000 })).reverse();
    labels = await again.labels();
    await again.close();
    // As if nobody had come to remove what another file replaces.
    assert.ok(replaced.length > 0 && replaced.every(({ file }) => !existsSync(file)));
    for (const { file, bytes } of replaced) writeFileSync(file, bytes);
  });

  function assertAnnotations(read: readonly ReadAnnotation[]): void {
    const byText = (values: readonly (string | undefined)[]): string[] => values.flatMap((value) => value ?? []).sort();
    assert.deepEqual(
      byText(read.map((each) => (each.type === 'label' && each.removed === false ? each.id : undefined))),
      byText(labels.map(({ id }) => id)),
    );
    assert.deepEqual(
      byText(read.map((each) => (each.type === 'pin' && each.pinned === true ? each.version : undefined))),
      byText(inOrder.map(({ id, pinned }) => (pinned ? id : undefined))),
    );
    assert.deepEqual([labels.length, inOrder.filter(({ pinned }) => pinned).length], [2, 2]);
  }

  test('every version is given back, byte for byte, by a reader that knows the format from its page only', async () => {
    const out = temporaryFolder();
    await run('--no-warnings', path.join(projectRoot, 'test', 'support', 'storeReader.mjs'), dir, out);
    const read = JSON.parse(readFileSync(path.join(out, 'versions.json'), 'utf8')) as ReadVersion[];
    assert.deepEqual(read.map(({ id }) => id).sort(), [...recorded.keys()].sort());
    assert.deepEqual(
      read.map(({ id }) => id),
      inOrder.map(({ id }) => id),
    );
    assertAnnotations(JSON.parse(readFileSync(path.join(out, 'annotations.json'), 'utf8')) as ReadAnnotation[]);
    for (const { id, path: at, kind, unstored, mode } of read) {
      const sent = recorded.get(id);
      assert.deepEqual(
        [at, kind, unstored ?? undefined, mode ?? undefined],
        [sent?.path, sent?.kind, sent?.unstored, sent?.mode],
      );
      const file = path.join(out, id);
      assert.equal(existsSync(file), sent?.content !== undefined, `${id} of ${at}`);
      if (sent?.content !== undefined) assert.ok(readFileSync(file).equals(sent.content), `${id} of ${at}`);
    }
    // The store had every encoding that there is, in a journal and in a segment.
    const stands = new Set(read.flatMap((version) => version.stands ?? []));
    const journal = [0, 1, 2, 3].map((encoding) => `journal ${encoding}`);
    const segment = ['0', '1', '1 shared', '2', '2 shared', '3'].map((encoding) => `segment ${encoding}`);
    assert.deepEqual([...stands].sort(), [...journal, ...segment]);
  });

  test('another SQLite finds segments and the catalog in order', async () => {
    const databases = readdirSync(dir).filter((name) => name.endsWith('.segment') || name === 'catalog.sqlite');
    assert.ok(databases.includes('catalog.sqlite') && databases.length > 1, databases.join(', '));
    await areInOrder(databases.map((name) => path.join(dir, name)));
  });
});
