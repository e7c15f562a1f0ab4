import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { once } from 'node:events';
import type { Counts } from './counts';
import { testFilesBelow } from './files';

/** One file's tests may take this long, also on a busy machine; a browser that hangs must not hang the run. */
const fileTimeoutMs = 20 * 60_000;

/** The parts of node:test's events that counting needs, in every version of Node.js. */
interface TestEvent {
  readonly name: string;
  readonly file?: string | undefined;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: { readonly type?: string | undefined; readonly error?: unknown };
}

/** Runs the test files below a folder in plain Node.js, each in a process of its own, and counts their tests. */
export async function runNodeTests(folder: string, concurrency: number): Promise<{ counts: Counts }> {
  let passed = 0;
  let failed = 0;
  const stream = run({ files: testFilesBelow(folder), concurrency, timeout: fileTimeoutMs });
  stream.on('test:pass', (event: TestEvent) => {
    if (event.name === event.file) {
      process.stdout.write(`No test ran in ${event.name}.\n`);
      failed++;
    } else if (event.details.type !== 'suite' && isUnset(event.skip) && isUnset(event.todo)) passed++;
  });
  stream.on('test:fail', (event: TestEvent) => {
    if (event.details.type !== 'suite' || failureType(event.details.error) !== 'subtestsFailed') failed++;
  });
  const report = stream.pipe(new spec());
  report.on('data', (text: Buffer | string) => process.stdout.write(text));
  await once(report, 'end');
  return { counts: { passed, failed } };
}

function isUnset(directive: string | boolean | undefined): boolean {
  return directive === undefined || directive === false;
}

/** A suite whose tests failed fails too, and must not be counted again. */
function failureType(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'failureType' in error ? error.failureType : undefined;
}
