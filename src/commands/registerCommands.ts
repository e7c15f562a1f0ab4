import { DisposableStore, type Disposable } from '../model/disposable';
import type { CommandContext } from './commandContext';
import { CommandRunner } from './commandRunner';
import { commandTitles } from './commandTitles';
import { registerCompare } from './compare';
import { registerForget } from './forget';
import { registerLabels } from './labels';
import { registerMoments } from './moments';
import { registerRestore } from './restore';
import { registerRules } from './rules';
import { registerStorage } from './storage';
import { registerWatching } from './watching';

/** Registers every command that the manifest declares; `packageJson` is the extension's, in the window's language. */
export function registerCommands(options: Omit<CommandContext, 'runner'>, packageJson: unknown): Disposable {
  const runner = new CommandRunner(options.log, options.showLog, commandTitles(packageJson));
  const context: CommandContext = { ...options, runner };
  const disposables = new DisposableStore();
  const families = [
    registerCompare,
    registerMoments,
    registerRestore,
    registerLabels,
    registerForget,
    registerStorage,
    registerRules,
    registerWatching,
  ];
  for (const register of families) disposables.add(register(context));
  return disposables;
}
