import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CauseSpan } from '../../../src/model/changeHint';
import { changeSetStart, maxChangeSetMs } from '../../../src/model/changeSet';
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
    { ...found, changeSet: undefined },
    { cause: 'terminal', causeDetail: { command: 'npm run format' }, confidence: 'likely', changeSet: undefined },
  );
});

test('what was written outside of every span has no cause', () => {
  const spans = spansOf(command('a', 1_000, 2_000));
  assert.equal(spans.at(began + 2_001), undefined);
  assert.equal(spans.at(began + 400), undefined);
});

test('a command that the shell reported late still counts; another that certainly ran then counts more', () => {
  assert.equal(spansOf(command('b', 100, 200)).at(began + 20)?.causeDetail?.command, 'b');
  const spans = spansOf(command('a', 0, 50), command('b', 100, 200));
  assert.equal(spans.at(began + 20)?.causeDetail?.command, 'a');
});

test('everything that one command writes is one change set; another run of it is another', () => {
  const spans = spansOf(command('x', 0, 2_000), { ...command('x', 5_000, 6_000), id: 'second' });
  const first = spans.at(began + 10)?.changeSet;
  assert.ok(first);
  assert.equal(spans.at(began + 1_990)?.changeSet, first);
  assert.notEqual(spans.at(began + 5_500)?.changeSet, first);
  assert.equal(changeSetStart(first), began);
});

test('a long command makes several change sets, each found near its start', () => {
  const spans = spansOf(command('watch', 0));
  const late = spans.at(began + maxChangeSetMs + 5)?.changeSet ?? '';
  assert.notEqual(late, spans.at(began + 5)?.changeSet);
  assert.equal(changeSetStart(late), began + maxChangeSetMs);
});

test('two commands at once: no more than what they have in common', () => {
  const spans = spansOf(command('a', 0, 1_000), command('b', 100, 900));
  assert.deepEqual(spans.at(began + 500), { cause: 'terminal', confidence: 'likely' });
});

test('a command and a debug session at once: another program', () => {
  const spans = spansOf(command('a', 0, 1_000), {
    ...command('app', 10),
    cause: 'debug',
    causeDetail: { name: 'app' },
  });
  assert.deepEqual(spans.at(began + 500), { cause: 'external', confidence: 'likely' });
});

test('a server that has run for long gives way to a command that began just now', () => {
  const spans = spansOf(command('npm start', 0), command('make', 100_000, 101_000));
  assert.equal(spans.at(began + 100_500)?.causeDetail?.command, 'make');
  assert.equal(spans.at(began + 99_000)?.causeDetail?.command, 'npm start');
});

test('a task and its terminal are one', () => {
  const task: CauseSpan = { ...command('build', 3), cause: 'task', causeDetail: { name: 'build' } };
  assert.equal(spansOf({ ...command('tsc', 0), id: 'shell' }, task).at(began + 10)?.cause, 'task');
  // It may be reported after it has written.
  const late: CauseSpan = { ...task, from: began + 30 };
  assert.equal(spansOf({ ...command('tsc', 0), id: 'shell' }, late).at(began + 10)?.cause, 'task');
});

const task = (name: string, from: number, to?: number): CauseSpan => ({
  ...command(name, from, to),
  id: `task${name}`,
  cause: 'task',
  causeDetail: { name },
});

test('a task ends when its end is reported, however late its terminal reports it', () => {
  const git = checkout(250, 270);
  assert.equal(spansOf(command('tsc', 0), task('build', 40, 230)).at(began + 260, [git])?.cause, 'git');
  assert.equal(spansOf(command('tsc', 0, 255), task('build', 40, 230)).at(began + 260, [git])?.cause, 'git');
  assert.equal(spansOf(command('tsc', 0), task('build', 40)).at(began + 260, [git])?.cause, 'external');
});

test('tasks that begin together have a terminal each', () => {
  const lint = [task('lint', 0, 2_000), command('eslint', 300, 1_900)];
  const build = [task('build', 10, 30_000), command('tsc', 320, 29_900)];
  const spans = spansOf(...lint, ...build);
  assert.equal(spans.at(began + 10_000)?.causeDetail?.name, 'build');
  assert.deepEqual(spans.at(began + 1_000), { cause: 'task', confidence: 'likely' });
});

test('a command and a task that end apart are two, even if they began together', () => {
  const longer = spansOf(task('build', 0, 30_000), command('ls', 600, 650));
  assert.equal(longer.at(began + 700)?.causeDetail?.name, 'build');
  assert.equal(longer.at(began + 10_000)?.causeDetail?.name, 'build');
  const goesOn = spansOf(task('build', 0), command('ls', 600, 650));
  assert.equal(goesOn.at(began + 10_000)?.causeDetail?.name, 'build');
  const outlives = spansOf(command('npm run generate', 0, 30_000), task('lint', 600, 2_000));
  assert.equal(outlives.at(began + 10_000)?.causeDetail?.command, 'npm run generate');
});

test('of two tasks in a row, each has the terminal that began with it', () => {
  const [first, second] = [command('first', 0, 250), command('second', 300, 550)];
  const spans = spansOf(first, second, task('one', 40, 200), task('two', 340, 500));
  assert.equal(spans.at(began + 310)?.causeDetail?.name, 'two');
  assert.equal(spans.at(began + 520), undefined);
});

test('git that a command started is git, with the command', () => {
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
