/** The module that VS Code runs: every suite below this folder, with mocha. */
import Mocha from 'mocha';
import { writeFileSync } from 'node:fs';
import { testFilesBelow } from '../support/run/files';
import type { Outcome } from '../support/run/outcome';

/** A test waits for facts; this only ends the ones that wait for what never comes. */
const testTimeoutMs = 120_000;

/** Rejects when a test failed or none ran; leaves the outcome in the file that `OBBY_TEST_OUTCOME` names. */
export async function run(): Promise<void> {
  const only = process.env['OBBY_TEST_ONLY'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: testTimeoutMs,
    forbidOnly: true,
    color: false,
    ...(only !== undefined && { grep: only }),
  });
  testFilesBelow(__dirname).forEach((file) => mocha.addFile(file));
  const { passed, failures } = await runMocha(mocha);
  const file = process.env['OBBY_TEST_OUTCOME'];
  if (file !== undefined) writeFileSync(file, JSON.stringify({ passed, failures }));
  const count = passed + failures.length;
  if (count === 0) throw new Error('No integration test ran.');
  if (failures.length > 0) throw new Error(`${failures.length} of ${count} integration tests failed.`);
}

function runMocha(mocha: Mocha): Promise<Outcome> {
  return new Promise((resolve) => {
    let passed = 0;
    const failures: string[] = [];
    mocha
      .run(() => resolve({ passed, failures }))
      .on('pass', () => passed++)
      .on('fail', (test, error: Error) => failures.push(`${test.fullTitle()}\n${error.stack ?? error.message}`));
  });
}
