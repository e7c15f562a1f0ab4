import * as vscode from 'vscode';
import type { CauseSpan } from '../../model/changeHint';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { causeTextLimits } from '../../model/version';
import { maskSecrets } from '../../base/secrets/maskSecrets';
import { RunningSpans } from './runningSpans';

/** Programs that run in the debugger. */
export function followDebugging(note: (span: CauseSpan) => void, clock: Pick<Clock, 'now'>): Disposable {
  const disposables = new DisposableStore();
  const spans = disposables.add(new RunningSpans<vscode.DebugSession>('d', note, clock));
  disposables.add(
    vscode.debug.onDidStartDebugSession((session) =>
      // A session within another is part of it.
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
