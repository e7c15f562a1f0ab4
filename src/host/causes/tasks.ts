import * as vscode from 'vscode';
import type { CauseSpan } from '../../model/changeHint';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { causeTextLimits } from '../../model/version';
import { maskSecrets } from '../../base/secrets/maskSecrets';
import { RunningSpans } from './runningSpans';

/** Tasks that VS Code runs. */
export function followTasks(note: (span: CauseSpan) => void, clock: Pick<Clock, 'now'>): Disposable {
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

/** As the list of tasks calls it: `npm: build`. */
function nameOf({ name, source }: vscode.Task): string {
  return source === '' || source === 'Workspace' ? name : `${source}: ${name}`;
}
