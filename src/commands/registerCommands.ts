import { DisposableStore, type Disposable } from '../base/disposable';
import { type CommandContext, CommandRunner } from './commandContext';
import { commandTitles } from './commandTitles';
import { registerCommandLine } from './commandLine/installCommandLine';
import { registerCompare } from './compare/compare';
import { registerCompareFolder } from './compare/compareFolder';
import { registerLineHistory } from './compare/lineHistory';
import { registerFormerHistory } from './storage/formerHistory';
import { registerForget } from './storage/forget';
import { registerLabels } from './storage/labelCommands';
import { registerRestore } from './restore/restore';
import { registerRules } from './watching/ruleCommands';
import { registerSearch } from './search/searchCommands';
import { registerStorage } from './storage/storage';
import { registerWatching } from './watching/watching';

/** Registers all commands of the manifest; `packageJson`: the manifest in the window's language. */
export function registerCommands(options: Omit<CommandContext, 'runner'>, packageJson: unknown): Disposable {
  const runner = new CommandRunner(options.log, options.showLog, commandTitles(packageJson));
  const context: CommandContext = { ...options, runner };
  const disposables = new DisposableStore();
  const families = [
    registerCompare,
    registerCompareFolder,
    registerLineHistory,
    registerRestore,
    registerLabels,
    registerForget,
    registerStorage,
    registerFormerHistory,
    registerRules,
    registerWatching,
    registerSearch,
    registerCommandLine,
  ];
  for (const register of families) disposables.add(register(context));
  return disposables;
}
