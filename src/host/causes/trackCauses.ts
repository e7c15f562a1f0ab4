import type { CauseSpan } from '../../model/changeHint';
import type { Clock } from '../../base/clock';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Engine } from '../../engine/engine';
import type { Setting } from '../settings/settings';
import * as vscode from 'vscode';
import { causeTextLimits, type CauseDetail } from '../../model/version';
import { maskSecrets } from '../../base/secrets/maskSecrets';
import { RunningSpans } from './runningSpans';

/** Tracks causes while safe mode is off. */
export function trackCausesUnless(safeMode: Setting<boolean>, track: () => Disposable): Disposable {
  const disposables = new DisposableStore();
  const tracking = disposables.add(new MutableDisposable());
  const follow = (isSafe: boolean): void => {
    tracking.value = isSafe ? undefined : (tracking.value ?? track());
  };
  disposables.add(safeMode.onDidChange(follow));
  follow(safeMode.value);
  return disposables;
}

/** Reports what runs in this window and may write files. The engine itself finds out about git. */
export function trackCauses(engine: Pick<Engine, 'noteSpan'>, clock: Pick<Clock, 'now'>, log: Log): Disposable {
  const disposables = new DisposableStore();
  const note = (span: CauseSpan): void => {
    // Only makes a cause less precise. The end of the worker is reported elsewhere.
    engine.noteSpan(span).catch((error: unknown) => log.debug(`A cause was not noted: ${messageOf(error)}`));
  };
  for (const follow of [followTerminals, followTasks, followDebugging]) disposables.add(follow(note, clock));
  return disposables;
}

/** Shell integration events of VS Code 1.93 and newer. */
interface ShellExecution {
  readonly commandLine: { readonly value: string };
  readonly cwd?: vscode.Uri | string | undefined;
}
interface ShellExecutionEvent {
  readonly terminal: vscode.Terminal;
  readonly execution: ShellExecution;
}
interface ShellEvents {
  readonly onDidStartTerminalShellExecution?: vscode.Event<ShellExecutionEvent>;
  readonly onDidEndTerminalShellExecution?: vscode.Event<ShellExecutionEvent>;
}

/** Follows commands in terminals with shell integration. */
function followTerminals(note: (span: CauseSpan) => void, clock: Pick<Clock, 'now'>): Disposable {
  const disposables = new DisposableStore();
  const { onDidStartTerminalShellExecution: onStart, onDidEndTerminalShellExecution: onEnd } =
    vscode.window as ShellEvents;
  if (!onStart || !onEnd) return disposables;
  const spans = disposables.add(new RunningSpans<ShellExecution>('t', note, clock));
  const terminals = new WeakMap<ShellExecution, vscode.Terminal>();
  disposables.add(
    onStart(({ execution, terminal }) => {
      terminals.set(execution, terminal);
      spans.begin(execution, { cause: 'terminal', causeDetail: detailOf(execution) });
    }),
  );
  disposables.add(onEnd(({ execution }) => spans.end(execution)));
  disposables.add(
    vscode.window.onDidCloseTerminal((closed) => spans.endWhere((each) => terminals.get(each) === closed)),
  );
  return disposables;
}

function detailOf({ commandLine, cwd }: ShellExecution): CauseDetail {
  const command = maskSecrets(commandLine.value.trim(), causeTextLimits.command);
  const folder = typeof cwd === 'string' ? cwd : cwd?.fsPath;
  const isPath = folder !== undefined && folder.length <= causeTextLimits.cwd && !folder.includes('\0');
  return {
    ...(command !== '' && { command }),
    ...(isPath && { cwd: folder }),
  };
}

function followTasks(note: (span: CauseSpan) => void, clock: Pick<Clock, 'now'>): Disposable {
  const disposables = new DisposableStore();
  const spans = disposables.add(new RunningSpans<vscode.TaskExecution>('k', note, clock));
  disposables.add(
    vscode.tasks.onDidStartTask(({ execution }) => {
      const name = maskSecrets(nameOf(execution.task), causeTextLimits.name, 'prose');
      spans.begin(execution, { cause: 'task', causeDetail: { name } });
    }),
  );
  disposables.add(vscode.tasks.onDidEndTask(({ execution }) => spans.end(execution)));
  return disposables;
}

/** The name in VS Code's list of tasks: `npm: build`. */
function nameOf({ name, source }: vscode.Task): string {
  return source === '' || source === 'Workspace' ? name : `${source}: ${name}`;
}

function followDebugging(note: (span: CauseSpan) => void, clock: Pick<Clock, 'now'>): Disposable {
  const disposables = new DisposableStore();
  const spans = disposables.add(new RunningSpans<vscode.DebugSession>('d', note, clock));
  disposables.add(
    vscode.debug.onDidStartDebugSession((session) =>
      // A child session belongs to its parent.
      session.parentSession
        ? undefined
        : spans.begin(session, {
            cause: 'debug',
            causeDetail: { name: maskSecrets(session.name, causeTextLimits.name, 'prose') },
          }),
    ),
  );
  disposables.add(vscode.debug.onDidTerminateDebugSession((session) => spans.end(session)));
  return disposables;
}
