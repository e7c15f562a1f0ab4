import type { CauseSpan } from '../model/causeSpan';
import { longestMomentMs, momentId } from '../model/moment';
import type { Sure } from '../model/version';
import type { Why } from './candidate';

/** Who wrote, as far as the times tell, and the moment that everything written by it shares. */
export interface Attribution extends Why {
  readonly sure: Sure;
  readonly moment?: string;
}

/** Spans that are remembered; older ones no scan finds anything of. */
const maxSpans = 200;
/** A shell tells of a command a little after it began. */
const lateMs = 500;
/** What has run for this long (a server, a watching compiler) gives way to what began since. */
const standingMs = 60_000;
/** A task's command is told of by its terminal too. */
const togetherMs = 1_000;

/**
 * What ran, and when. A change is attributed to what ran while it was written. That is never certain: another program
 * can write at the same time. Where two ran, the answer says no more than both have in common, because a wrong cause
 * is worse than none.
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

  /** Who wrote at a time (ms); `also` ran as well, at exactly its times. Undefined when nothing did. */
  at(time: number, also: readonly CauseSpan[] = []): Attribution | undefined {
    // Both come from the clock of files, which stands still for some ms, and either may have lost its fractions.
    const isDuring = ({ from, to = Infinity }: CauseSpan): boolean =>
      Math.floor(from) <= time && Math.floor(time) <= to;
    const told = [...this.spans.values()];
    const during = told.filter(isDuring);
    const running = during.length > 0 ? during : told.filter((span) => isJustBefore(time, span));
    const around = [...withoutTwins(running, told), ...also.filter(isDuring)];
    const fresh = around.filter(({ from }) => time - from < standingMs);
    return attributionOf(fresh.length > 0 ? fresh : around, time);
  }
}

function isJustBefore(time: number, { from }: CauseSpan): boolean {
  return time < from && from - time <= lateMs;
}

/** A task and the terminal that it runs in are one: the task, also where that was told of after it had written. */
function withoutTwins(spans: readonly CauseSpan[], told: readonly CauseSpan[]): readonly CauseSpan[] {
  const tasks = told.filter(({ cause }) => cause === 'task');
  const taskOf = ({ cause, from }: CauseSpan): CauseSpan | undefined =>
    cause === 'terminal' ? tasks.find((task) => Math.abs(task.from - from) <= togetherMs) : undefined;
  return [...new Set(spans.map((span) => taskOf(span) ?? span))];
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
  return spans.every(({ cause }) => cause === only.cause) ? { cause: only.cause, sure: 'likely' } : unknown;
}

const unknown: Attribution = { cause: 'external', sure: 'likely' };

/** Whether what ran may be what made git do something. */
function saysGit({ causeDetail }: CauseSpan): boolean {
  return /\bgit\b/.test(causeDetail.command ?? causeDetail.name ?? '');
}

function named({ id, cause, causeDetail, from }: CauseSpan, time: number): Attribution {
  const part = Math.max(0, Math.floor((time - from) / longestMomentMs));
  return { cause, causeDetail, sure: 'likely', moment: momentId(from + part * longestMomentMs, id) };
}
