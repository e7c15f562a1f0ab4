import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { FileBook, type Step } from './fileBook';
import { setUp } from './recorderFixture';

const names = ['d/a.md', 'd/b.md', 'e/a.md', 'e/c.md', 'f/a.md', 'f/b.txt'];
const aName = fc.constantFrom(...names);

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('new', 'edit', 'rewrite', 'rm'), path: aName }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('mv', 'mv', 'cp', 'swap', 'mvdir'), path: aName, to: aName }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('record'), order: fc.nat() }) },
);
/** Begins with files that are known. */
const start: readonly Step[] = [
  { do: 'new', path: 'd/a.md' },
  { do: 'new', path: 'd/b.md' },
  { do: 'new', path: 'e/c.md' },
  { do: 'record', order: 0 },
];
/** Another file with the same bytes takes the place of one, and then goes elsewhere. */
const sameBytes: Step[] = [
  { do: 'cp', path: 'e/c.md', to: 'f/b.txt' },
  { do: 'mv', path: 'f/b.txt', to: 'e/c.md' },
  { do: 'record', order: 0 },
  { do: 'swap', path: 'd/a.md', to: 'e/c.md' },
];
/** A file takes the place of another and is changed there; what has its old bytes then is a stranger. */
const oldBytes: Step[] = [
  { do: 'mv', path: 'd/a.md', to: 'e/c.md' },
  { do: 'record', order: 0 },
  { do: 'cp', path: 'e/c.md', to: 'd/a.md' },
  { do: 'rewrite', path: 'e/c.md' },
  { do: 'new', path: 'd/a.md' },
  { do: 'mv', path: 'd/a.md', to: 'f/b.txt' },
];
const someSteps = fc.array(aStep, { minLength: 2, maxLength: 14 });

let folder: Awaited<ReturnType<typeof setUp>>;
let run = 0;

before(async () => {
  folder = await setUp();
});

/** Takes the steps in a folder of their own, and records once more at the end. */
async function holds(steps: readonly Step[]): Promise<void> {
  const base = `run ${run++}`;
  const book = new FileBook(folder.root, base);
  for (const step of [...start, ...steps, { do: 'record', order: 0 } as const]) {
    if (step.do === 'record') await recordAll(book, step.order);
    else book.take(step);
  }
}

async function recordAll(book: FileBook, order: number): Promise<void> {
  const results = await folder.record(...rotated(book.takeTouched(), order));
  const failed = results.find(({ error }) => error)?.error;
  if (failed) throw failed;
  book.check(results.flatMap(({ versions }) => versions));
  for (const path of book.paths) {
    const head = await folder.store.head(path);
    assert.ok(head, `${path} is in the history.`);
    assert.deepEqual(Buffer.from(await folder.store.content(head.version.id)), readFileSync(folder.on(path)), path);
  }
  for (const { path } of await folder.store.stamps(book.base)) assert.ok(book.paths.includes(path), `${path} is gone.`);
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const cut = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(cut), ...list.slice(0, cut)];
}

test('whatever is moved, edited, copied, exchanged and removed, every detectable move is recorded, and no other', async () => {
  const property = fc.asyncProperty(someSteps, holds);
  await fc.assert(property, {
    examples: [[sameBytes], [oldBytes]],
    numRuns: times(100),
  });
});
