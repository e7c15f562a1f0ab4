import { DisposableStore, type Disposable } from '../model/disposable';
import type { CommandContext } from './commandContext';
import { CommandRunner } from './commandRunner';
import { commandTitles } from './commandTitles';
import { registerCompare } from './compare';
import { registerMoments } from './moments';
import { registerRestore } from './restore';
import { registerRules } from './rules';
import { registerWatching } from './watching';

/** Registers every command that the manifest declares; `packageJson` is the extension's, in the window's language. */
export function registerCommands(options: Omit<CommandContext, 'runner'>, packageJson: unknown): Disposable {
  const runner = new CommandRunner(options.log, options.showLog, commandTitles(packageJson));
  const context: CommandContext = { ...options, runner };
  const disposables = new DisposableStore();
  for (const register of [registerCompare, registerMoments, registerRestore, registerRules, registerWatching]) {
    disposables.add(register(context));
  }
  return disposables;
}
