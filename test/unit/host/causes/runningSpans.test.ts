import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunningSpans } from '../../../../src/host/causes/runningSpans';
import type { CauseSpan } from '../../../../src/model/changeHint';

describe('what runs in the window', () => {
  it('ends when it is no longer followed', () => {
    const noted = new Map<string, CauseSpan>();
    let now = 1_000;
    const spans = new RunningSpans<object>('k', (span) => noted.set(span.id, span), { now: () => now });
    const [first, second] = [{}, {}];
    spans.begin(first, { cause: 'task', causeDetail: { name: 'build' } });
    spans.begin(second, { cause: 'task', causeDetail: { name: 'watch' } });
    now = 2_000;
    spans.end(first);
    now = 3_000;
    spans.dispose();
    now = 4_000;
    spans.end(second);
    assert.deepEqual(
      [...noted.values()].map(({ id, from, to }) => [id, from, to]),
      [
        ['k1', 1_000, 2_000],
        ['k2', 1_000, 3_000],
      ],
    );
  });
});
