import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runJobs, type Job } from '../../support/run/schedule';
import { StageOutputs } from '../../support/run/stageOutput';

/** Runs jobs that each end when they are told; resolves with what happened, in order. */
function start(jobs: readonly Job[], limits: { jobs: number; windows: number }) {
  const events: string[] = [];
  const ends = new Map<string, (succeeded: boolean) => void>();
  const run = ({ name }: Job): Promise<boolean> => {
    events.push(`+${name}`);
    return new Promise((resolve) => ends.set(name, resolve));
  };
  const done = runJobs(jobs, limits, run, ({ name }, because) => events.push(`${name} without ${because}`));
  const end = async (name: string, succeeded = true): Promise<void> => {
    ends.get(name)?.(succeeded);
    await new Promise(setImmediate);
  };
  return { events, end, done };
}

test('jobs start as soon as they may, earlier ones first, and never more than allowed', async () => {
  const window = { opensWindow: true };
  const { events, end, done } = start(
    [
      { name: 'a', ...window },
      { name: 'b', ...window },
      { name: 'c' },
      { name: 'd' },
      { name: 'e', after: ['c', 'no such'] },
    ],
    { jobs: 2, windows: 1 },
  );
  assert.deepEqual(events, ['+a', '+c']);
  await end('c');
  assert.deepEqual(events, ['+a', '+c', '+d']);
  await end('a');
  assert.deepEqual(events.slice(3), ['+b']);
  await end('d');
  assert.deepEqual(events.slice(4), ['+e']);
  await end('b');
  await end('e');
  await done;
});

test('what needs a job that failed is not run', async () => {
  const { events, end, done } = start(
    [{ name: 'a' }, { name: 'b', after: ['a'] }, { name: 'c', after: ['b'] }, { name: 'd' }],
    { jobs: 1, windows: 1 },
  );
  await end('a', false);
  await end('d');
  await done;
  assert.deepEqual(events, ['+a', 'b without a', 'c without b', '+d']);
});

test('jobs that wait for each other are refused', async () => {
  const jobs = [
    { name: 'a', after: ['b'] },
    { name: 'b', after: ['a'] },
  ];
  await assert.rejects(start(jobs, { jobs: 1, windows: 1 }).done, /wait for each other/);
});

test('what stages write side by side is printed one after the other, the first as it comes', () => {
  let printed = '';
  const outputs = new StageOutputs((text) => (printed += text));
  const [one, two] = [outputs.begin('One'), outputs.begin('Two')];
  two.write('2');
  one.write('1');
  assert.equal(printed, '\n== One ==\n1');
  two.end();
  assert.equal(printed, '\n== One ==\n1');
  one.end();
  assert.equal(printed, '\n== One ==\n1\n== Two ==\n2');
});
