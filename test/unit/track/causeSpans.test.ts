import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CauseSpan } from '../../../src/model/causeSpan';
import { beganOf, longestMomentMs } from '../../../src/model/moment';
import { CauseSpans } from '../../../src/track/causeSpans';

const began = 1_700_000_000_000;
const command = (line: string, from: number, to?: number): CauseSpan => ({
  id: line.replaceAll(/\W/g, ''),
  cause: 'terminal',
  causeDetail: { command: line },
  from: began + from,
  ...(to !== undefined && { to: began + to }),
});
const checkout = (from: number, to: number): CauseSpan => ({
  id: 'git1',
  cause: 'git',
  causeDetail: { operation: 'checkout', from: 'main', to: 'topic' },
  from: began + from,
  to: began + to,
});

function spansOf(...list: readonly CauseSpan[]): CauseSpans {
  const spans = new CauseSpans();
  for (const span of list) spans.note(span);
  return spans;
}

test('what was written while one command ran is that command, likely', () => {
  const found = spansOf(command('npm run format', 0, 900)).at(began + 500);
  assert.deepEqual(
    { ...found, moment: undefined },
    { cause: 'terminal', causeDetail: { command: 'npm run format' }, sure: 'likely', moment: undefined },
  );
});

test('what was written outside of every span is nobody’s', () => {
  const spans = spansOf(command('a', 1_000, 2_000));
  assert.equal(spans.at(began + 2_001), undefined);
  assert.equal(spans.at(began + 400), undefined);
});

test('a command that the shell told of late, still counts; another that truly ran then counts more', () => {
  assert.equal(spansOf(command('b', 100, 200)).at(began + 20)?.causeDetail?.command, 'b');
  const spans = spansOf(command('a', 0, 50), command('b', 100, 200));
  assert.equal(spans.at(began + 20)?.causeDetail?.command, 'a');
});

test('everything that one command writes is one moment; another run of it is another', () => {
  const spans = spansOf(command('x', 0, 2_000), { ...command('x', 5_000, 6_000), id: 'second' });
  const first = spans.at(began + 10)?.moment;
  assert.ok(first);
  assert.equal(spans.at(began + 1_990)?.moment, first);
  assert.notEqual(spans.at(began + 5_500)?.moment, first);
  assert.equal(beganOf(first), began);
});

test('a command that goes on for long makes several moments, each found near its beginning', () => {
  const spans = spansOf(command('watch', 0));
  const late = spans.at(began + longestMomentMs + 5)?.moment ?? '';
  assert.notEqual(late, spans.at(began + 5)?.moment);
  assert.equal(beganOf(late), began + longestMomentMs);
});

test('two commands at once: no more than what they have in common', () => {
  const spans = spansOf(command('a', 0, 1_000), command('b', 100, 900));
  assert.deepEqual(spans.at(began + 500), { cause: 'terminal', sure: 'likely' });
});

test('a command and a debug session at once: another program', () => {
  const spans = spansOf(command('a', 0, 1_000), {
    ...command('app', 10),
    cause: 'debug',
    causeDetail: { name: 'app' },
  });
  assert.deepEqual(spans.at(began + 500), { cause: 'external', sure: 'likely' });
});

test('a server that has run for long gives way to a command that began just now', () => {
  const spans = spansOf(command('npm start', 0), command('make', 100_000, 101_000));
  assert.equal(spans.at(began + 100_500)?.causeDetail?.command, 'make');
  assert.equal(spans.at(began + 99_000)?.causeDetail?.command, 'npm start');
});

test('a task and its terminal are one', () => {
  const task: CauseSpan = { ...command('build', 3), cause: 'task', causeDetail: { name: 'build' } };
  assert.equal(spansOf({ ...command('tsc', 0), id: 'shell' }, task).at(began + 10)?.cause, 'task');
  // It may be told of when it has written already.
  const late: CauseSpan = { ...task, from: began + 30 };
  assert.equal(spansOf({ ...command('tsc', 0), id: 'shell' }, late).at(began + 10)?.cause, 'task');
});

test('a task is over when the first of it and its terminal is told to be', () => {
  const task = (to?: number): CauseSpan => ({
    ...command('build', 40, to),
    cause: 'task',
    causeDetail: { name: 'build' },
  });
  const shell = (to?: number): CauseSpan => ({ ...command('tsc', 0, to), id: 'shell' });
  const [git] = [checkout(250, 270)];
  assert.equal(spansOf(shell(), task(230)).at(began + 260, [git])?.cause, 'git', 'The shell tells late of its end.');
  assert.equal(spansOf(shell(230), task()).at(began + 260, [git])?.cause, 'git', 'The task tells late of its end.');
  assert.equal(spansOf(shell(), task()).at(began + 260, [git])?.cause, 'external', 'Both run.');
});

test('of two tasks in a row, each has the terminal that began with it', () => {
  const tasks = [0, 300].map((from): CauseSpan => ({
    ...command(`task${from}`, from + 40, from + 200),
    cause: 'task',
    causeDetail: { name: String(from) },
  }));
  const spans = spansOf(command('first', 0, 250), command('second', 300, 550), ...tasks);
  assert.equal(spans.at(began + 310)?.causeDetail?.name, '300');
  assert.equal(spans.at(began + 520), undefined);
});

test('git that a command started is git, and tells the command', () => {
  const spans = spansOf(command('git checkout topic', 0, 300));
  assert.deepEqual(spans.at(began + 200, [checkout(50, 250)])?.causeDetail, {
    operation: 'checkout',
    from: 'main',
    to: 'topic',
    command: 'git checkout topic',
  });
});

test('git while a command runs that does not name it: another program', () => {
  assert.equal(spansOf(command('make', 0, 300)).at(began + 200, [checkout(50, 250)])?.cause, 'external');
});

test('an end replaces the beginning, and no more spans are kept than have a use', () => {
  const spans = spansOf(command('a', 0));
  spans.note(command('a', 0, 100));
  assert.equal(spans.at(began + 200), undefined);
  for (let n = 0; n < 10_000; n++) spans.note({ ...command('b', 3_000, 4_000), id: `b${n}` });
  assert.equal(spans.at(began + 50), undefined);
  assert.equal(spans.at(began + 3_500)?.cause, 'terminal');
});
