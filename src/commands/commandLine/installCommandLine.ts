import * as l10n from '@vscode/l10n';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { detached } from '../../base/log';
import { commands } from '../../ids';
import { forMessage } from '../../views/text/displayText';
import type { CommandContext } from '../commandContext';
import { installedLauncher, installLauncher, removeLauncher, renewLauncher, type LauncherPlace } from './launcher';

export function registerCommandLine({ runner, log, extensionPath }: CommandContext): Disposable {
  const place: LauncherPlace = {
    program: process.execPath,
    script: join(extensionPath, 'dist', 'cli.js'),
    home: homedir(),
    platform: process.platform,
    env: process.env,
  };
  detached(renewLauncher(place), log, 'The launcher of the command line was not renewed');
  return runner.register(commands.installCommandLine, () => installOrRemove(place));
}

async function installOrRemove(place: LauncherPlace): Promise<void> {
  const present = installedLauncher(place);
  if (present !== undefined) {
    const [update, remove] = [l10n.t('Install Again'), l10n.t('Remove')];
    const message = l10n.t('The command line tool is installed: {0}', present);
    const chosen = await vscode.window.showInformationMessage(forMessage(message), update, remove);
    if (chosen === remove) {
      removeLauncher(place);
      await vscode.window.showInformationMessage(forMessage(l10n.t('The command line tool was removed: {0}', present)));
    }
    if (chosen !== update) return;
  }
  const { path, isOnPath } = await installLauncher(place);
  const installed = l10n.t('The command line tool was installed: {0}', path);
  const next = isOnPath
    ? l10n.t('Try “obby log” in a new terminal.')
    : l10n.t('Add {0} to your PATH, then try “obby log” in a new terminal.', dirname(path));
  await vscode.window.showInformationMessage(forMessage(`${installed}. ${next}`));
}
