import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chanceOf, times } from '../../support/chance';
import { runCrashTrials } from '../../support/crashTrials';
import { writeUntilKilled, type WriterOptions } from '../../support/crashWriter';
import { wasmDir } from './fixtures';

const writer = process.env['OBBY_CRASH_WRITER'];
// Each takes seconds; `npm run test:crash` runs as many as one likes.
const trials = times(4);

/** This file starts itself as the writers that it kills. */
if (writer !== undefined) void writeUntilKilled(JSON.parse(writer) as WriterOptions);
else {
  test(`${trials} times killed, no acknowledged version is lost`, async (context) => {
    const chance = chanceOf('crash');
    const { acknowledged, lost } = await runCrashTrials({
      trials,
      wasmDir: wasmDir(),
      writerFile: __filename,
      chance,
    });
    context.diagnostic(`${trials} trials, ${acknowledged} acknowledged versions, ${lost.length} lost`);
    assert.deepEqual(lost, []);
    assert.ok(acknowledged >= trials);
  });
}
