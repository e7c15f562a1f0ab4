import type { CauseSpan } from '../../model/changeHint';
import type { Clock } from '../../base/clock';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Engine } from '../../engine/engine';
import type { Setting } from '../settings/settings';
import { followDebugging } from './debugSessions';
import { followTasks } from './tasks';
import { followTerminals } from './terminalCommands';

/** Tracks causes for as long as safe mode does not turn that off. */
export function trackCausesUnless(safeMode: Setting<boolean>, track: () => Disposable): Disposable {
  const disposables = new DisposableStore();
  const tracking = disposables.add(new MutableDisposable());
  const follow = (isSafe: boolean): void => {
    // What runs already goes on being followed.
    tracking.value = isSafe ? undefined : (tracking.value ?? track());
  };
  disposables.add(safeMode.onDidChange(follow));
  follow(safeMode.value);
  return disposables;
}

/** Tells the worker what runs in this window and may write files. What git does, the worker sees for itself. */
export function trackCauses(engine: Pick<Engine, 'noteSpan'>, clock: Pick<Clock, 'now'>, log: Log): Disposable {
  const disposables = new DisposableStore();
  const note = (span: CauseSpan): void => {
    // Without it a version has a vaguer cause; when the worker has ended, everybody was told.
    engine.noteSpan(span).catch((error: unknown) => log.debug(`A cause was not noted: ${messageOf(error)}`));
  };
  for (const follow of [followTerminals, followTasks, followDebugging]) disposables.add(follow(note, clock));
  return disposables;
}
