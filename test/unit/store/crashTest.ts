import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCrashTrials } from '../../support/crashTrials';
import { writeUntilKilled, type WriterOptions } from '../../support/crashWriter';
import { wasmDir } from './fixtures';

/** Half of all trials: two files share them, so that both cores of a small machine have some to do. */
const trials = Number(process.env['OBBY_CRASH_TRIALS'] ?? 200) / 2;

/** Makes `writerFile`, which calls this, a test that starts itself as the writers that it kills. */
export function testCrashes(writerFile: string): void {
  const writer = process.env['OBBY_CRASH_WRITER'];
  if (writer !== undefined) {
    void writeUntilKilled(JSON.parse(writer) as WriterOptions);
    return;
  }
  test(`${trials} times killed, no acknowledged version is lost`, async (context) => {
    const { acknowledged, lost } = await runCrashTrials({ trials, wasmDir: wasmDir(), writerFile });
    context.diagnostic(`${trials} trials, ${acknowledged} acknowledged versions, ${lost.length} lost`);
    assert.deepEqual(lost, []);
    assert.ok(acknowledged >= trials);
  });
}
