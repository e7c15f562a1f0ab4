import { DisposableStore, type Disposable } from '../model/disposable';
import type { CommandContext } from './commandContext';
import { registerCompare } from './compare';
import { registerRestore } from './restore';
import { registerRules } from './rules';
import { registerWatching } from './watching';

/** Every command that the manifest declares. */
export function registerCommands(context: CommandContext): Disposable {
  const disposables = new DisposableStore();
  for (const register of [registerCompare, registerRestore, registerRules, registerWatching]) {
    disposables.add(register(context));
  }
  return disposables;
}
