/** The module that VS Code runs: every suite below this folder, with mocha. */
import Mocha from 'mocha';
import { writeFileSync } from 'node:fs';
import { testFilesBelow } from '../support/run/files';

/** A test waits for facts; this only ends the ones that wait for what never comes. */
const testTimeoutMs = 120_000;

/** Rejects when a test failed or none ran; leaves the counts in the file that `OBBY_TEST_COUNTS` names. */
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
  const { passes, failures } = await new Promise<Mocha.Stats>((resolve, reject) => {
    const runner = mocha.run(() => {
      if (runner.stats) resolve(runner.stats);
      else reject(new Error('Mocha has not counted its tests.'));
    });
  });
  const file = process.env['OBBY_TEST_COUNTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures }));
  if (passes + failures === 0) throw new Error('No integration test ran.');
  if (failures > 0) throw new Error(`${failures} of ${passes + failures} integration tests failed.`);
}
