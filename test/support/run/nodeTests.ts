import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { factor } from '../chance';
import { testFilesBelow } from './files';
import type { Outcome } from './outcome';

/** The tests of one process may take this long, also on a busy machine; a browser that hangs must not hang the run. */
const processTimeoutMs = 25 * 60_000;
/** So many that a process has not too much in its memory. */
const filesPerGroup = 15;

/** The parts of node:test's events that counting needs, in every version of Node.js. */
interface TestEvent {
  readonly name: string;
  readonly nesting: number;
  readonly file?: string | undefined;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: { readonly type?: string | undefined; readonly error?: unknown };
}

/** Runs test files in plain Node.js, `concurrency` at a time and each in a process of its own, and counts their tests. */
export async function runNodeTests(files: readonly string[], concurrency: number): Promise<Outcome> {
  let passed = 0;
  const failures: string[] = [];
  /** Since the last outermost test or suite has ended. */
  let ran = 0;
  const stream = run({ files: [...files], concurrency, timeout: processTimeoutMs * Math.max(1, factor()) });
  stream.on('test:pass', (event: TestEvent) => {
    const isSuite = event.details.type === 'suite';
    if (!isSuite && event.name !== event.file) {
      ran++;
      if (isUnset(event.skip) && isUnset(event.todo)) passed++;
    }
    if (event.nesting > 0) return;
    if (ran === 0) {
      process.stdout.write(`No test ran in ${event.name}.\n`);
      failures.push(`No test ran in ${event.name}.`);
    }
    ran = 0;
  });
  stream.on('test:fail', (event: TestEvent) => {
    ran = event.nesting > 0 ? ran + 1 : 0;
    if (event.details.type !== 'suite' || failureType(event.details.error) !== 'subtestsFailed')
      failures.push(describeTestFailure(event));
  });
  const report = stream.pipe(new spec());
  report.on('data', (text: Buffer | string) => process.stdout.write(text));
  await once(report, 'end');
  return { passed, failures };
}

/**
 * Deals the test files below `folder` to a few, below `target`, that each run some in one process: most take less time
 * than a process does to start. Each is a suite of its own, so that its hooks are for its own tests.
 */
export function groupTestFiles(folder: string, target: string): string[] {
  const files = testFilesBelow(folder);
  const count = Math.ceil(files.length / filesPerGroup);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  return Array.from({ length: count }, (_, group) => {
    const suites = files
      .filter((_file, index) => index % count === group)
      .map((file) => {
        const name = path.relative(folder, file).split(path.sep).join('/').replace('.test.js', '');
        return `describe(${JSON.stringify(name)}, () => void require(${JSON.stringify(file)}));\n`;
      });
    const grouped = path.join(target, `group${group}.js`);
    writeFileSync(grouped, `const { describe } = require('node:test');\n${suites.join('')}`);
    return grouped;
  });
}

function describeTestFailure({ name, details: { error } }: TestEvent): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `${name}\n${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`;
}

function isUnset(directive: string | boolean | undefined): boolean {
  return directive === undefined || directive === false;
}

/** A suite whose tests failed fails too, and must not be counted again. */
function failureType(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'failureType' in error ? error.failureType : undefined;
}
