import type { Why, CauseSpan } from '../model/changeHint';
import { maxChangeSetMs, changeSetId } from '../model/changeSet';
import type { Confidence } from '../model/version';

/** The probable cause of a change by its time, and the change set of everything that this cause wrote. */
export interface Attribution extends Why {
  readonly confidence: Confidence;
  readonly changeSet?: string;
}

/** The most remembered spans; scans find nothing from older ones. */
const maxSpans = 200;
/** A shell reports a command a little after it began. */
const lateMs = 500;
/** A span that has run this long (a server, a watching compiler) yields to one that began later. */
const longRunningMs = 60_000;
/** A task's terminal reports the same command, within this time. */
const togetherMs = 1_000;

/**
 * Attributes a change to what ran while it was written. That is never certain: another program can write at the same
 * time. If two ran, the result is only what both have in common, because a wrong cause is worse than none.
 */
export class CauseSpans {
  private readonly spans = new Map<string, CauseSpan>();

  note(span: CauseSpan): void {
    this.spans.delete(span.id);
    this.spans.set(span.id, span);
    for (const oldest of this.spans.keys()) {
      if (this.spans.size <= maxSpans) break;
      this.spans.delete(oldest);
    }
  }

  /** What wrote at a time (ms); `also` are further spans with exact times. Undefined when nothing ran. */
  at(time: number, also: readonly CauseSpan[] = []): Attribution | undefined {
    // Both times come from the file system's clock, which is some ms coarse, and either may be without fractions.
    const isDuring = ({ from, to }: Run): boolean => Math.floor(from) <= time && Math.floor(time) <= to;
    const runs = runsOf([...this.spans.values()], time);
    const during = runs.filter(isDuring);
    const running = during.length > 0 ? during : runs.filter((run) => isJustBefore(time, run));
    const around = [...running, ...also.map(asRun).filter(isDuring)];
    const fresh = around.filter(({ from }) => time - from < longRunningMs);
    const spans = (fresh.length > 0 ? fresh : around).map(({ span }) => span);
    return attributionOf(spans, time);
  }
}

/** A span and the times in which it may have written. */
interface Run {
  readonly span: CauseSpan;
  readonly from: number;
  readonly to: number;
}

function asRun(span: CauseSpan): Run {
  const { from, to = Infinity } = span;
  return { span, from, to };
}

/**
 * What ran around a time. A task and its terminal count as one, the task: it began when the first of both was reported,
 * because either report can be late, and ended when the task's end was reported.
 */
function runsOf(spans: readonly CauseSpan[], time: number): Run[] {
  const near = spans.map(asRun).filter(({ from, to }) => from - time <= togetherMs && time - to <= 2 * togetherMs);
  const inOrder = [...near].sort((a, b) => a.from - b.from);
  const tasks = inOrder.filter(({ span }) => span.cause === 'task');
  const runs = new Set(near);
  for (const terminal of inOrder.filter(({ span }) => span.cause === 'terminal')) {
    const task = tasks.find((each) => runs.has(each) && isOne(terminal, each, time));
    if (!task) continue;
    const to = Number.isFinite(task.to) ? Math.min(task.to, terminal.to) : Infinity;
    runs.add({ span: task.span, from: Math.min(task.from, terminal.from), to });
    runs.delete(task);
    runs.delete(terminal);
  }
  return [...runs];
}

/**
 * Whether a terminal's command and a task began and ended together; one that is running ends at that time or later.
 */
function isOne(terminal: Run, task: Run, time: number): boolean {
  const endOf = ({ from, to }: Run): number => (Number.isFinite(to) ? to : Math.max(time, from));
  const areTogether = (one: number, other: number): boolean => Math.abs(one - other) <= togetherMs;
  return areTogether(terminal.from, task.from) && areTogether(endOf(terminal), endOf(task));
}

function isJustBefore(time: number, { from }: Run): boolean {
  return time < from && from - time <= lateMs;
}

function attributionOf(spans: readonly CauseSpan[], time: number): Attribution | undefined {
  const [only, ...others] = spans;
  if (!only) return undefined;
  if (others.length === 0) return named(only, time);
  const git = spans.filter(({ cause }) => cause === 'git');
  const rest = spans.filter(({ cause }) => cause !== 'git');
  const [operation] = git;
  const [runner] = rest;
  if (operation && runner && git.length === 1 && rest.length === 1 && saysGit(runner)) {
    const { command } = runner.causeDetail;
    return { ...named(operation, time), causeDetail: { ...operation.causeDetail, ...(command && { command }) } };
  }
  return spans.every(({ cause }) => cause === only.cause) ? { cause: only.cause, confidence: 'likely' } : unknown;
}

const unknown: Attribution = { cause: 'external', confidence: 'likely' };

/** Whether a span may be what ran git. */
function saysGit({ causeDetail }: CauseSpan): boolean {
  return /\bgit\b/.test(causeDetail.command ?? causeDetail.name ?? '');
}

function named({ id, cause, causeDetail, from }: CauseSpan, time: number): Attribution {
  const part = Math.max(0, Math.floor((time - from) / maxChangeSetMs));
  return { cause, causeDetail, confidence: 'likely', changeSet: changeSetId(from + part * maxChangeSetMs, id) };
}
