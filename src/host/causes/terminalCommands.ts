import * as vscode from 'vscode';
import type { CauseSpan } from '../../model/changeHint';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { causeTextLimits, type CauseDetail } from '../../model/version';
import { maskSecrets } from '../../base/secrets/maskSecrets';
import { RunningSpans } from './runningSpans';

/** What shells tell of their commands since VS Code 1.93; before, nothing does. */
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

/** Commands in terminals whose shell integration works. */
export function followTerminals(note: (span: CauseSpan) => void, clock: Pick<Clock, 'now'>): Disposable {
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
    vscode.window.onDidCloseTerminal((closed) => spans.endThose((each) => terminals.get(each) === closed)),
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
