import * as l10n from '@vscode/l10n';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { detached, singleLineLog } from './base/log';
import type { ObbyApi } from './api/api';
import { registerCommands } from './commands/registerCommands';
import { DocumentEdits } from './host/editor/editorEvents';
import { trackCauses, trackCausesUnless } from './host/causes/trackCauses';
import { EngineClient, workerOf } from './host/session/engineClient';
import { createApi } from './host/api/obbyApi';
import { Sessions } from './host/session/sessions';
import { Settings } from './host/settings/settings';
import { historiesDirOf, makeOwnDirPrivate } from './host/settings/storageSettings';
import { systemClock as clock } from './base/clock';
import { messageOf } from './base/errors';
import { createViews } from './views/createViews';

let close: (() => Promise<void>) | undefined;

/** Creates all parts and starts recording. */
export function activate(context: vscode.ExtensionContext): ObbyApi {
  const start = performance.now();
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  try {
    const api = build(context);
    performance.measure('obby.activate', { start });
    return api;
  } catch (error) {
    const shown = vscode.window.showErrorMessage(l10n.t('Obby could not start: {0}', messageOf(error)));
    // VS Code logs the error that is thrown.
    shown.then(undefined, () => undefined);
    throw error;
  }
}

/** Records what is waiting. The subscriptions end the worker. */
export async function deactivate(): Promise<void> {
  await close?.();
}

function build(context: vscode.ExtensionContext): ObbyApi {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const channel = own(vscode.window.createOutputChannel('Obby', { log: true }));
  const log = singleLineLog(channel);
  const settings = own(new Settings());
  const client = own(
    new EngineClient(
      (ended) => workerOf(context.asAbsolutePath(join('dist', 'worker.js')), ended, vscode.l10n.bundle),
      log,
      clock,
    ),
  );
  const location = settings.storageLocation.value;
  const ownDir = join(context.globalStorageUri.fsPath, 'histories');
  const historiesDir = (): string => historiesDirOf(location, ownDir);
  own(trackCausesUnless(settings.safeMode, () => trackCauses(client.engine, clock, log)));
  const edits = own(new DocumentEdits(clock));
  const state = context.workspaceState;
  const sessions = own(new Sessions({ client, settings, edits, historiesDir, state, clock, log }));
  close = () => sessions.close();
  const api = own(createApi(sessions, client.engine, log));
  const { extensionUri, extensionPath } = context;
  const views = own(createViews({ api, extensionUri, settings, sessions, clock, log }));
  const showLog = (): void => channel.show();
  const { diffEditor: diffEditorChoice, warnOnMassDeletion, maxFileBytes, storageLocation } = settings;
  const shared = {
    ...views,
    api,
    log,
    clock,
    extensionPath,
    showLog,
    diffEditorChoice,
    warnOnMassDeletion,
    maxFileBytes,
    storageLocation,
  };
  own(registerCommands(shared, context.extension.packageJSON));
  detached(makeOwnDirPrivate(ownDir, log), log, 'The permissions of the histories were not checked');
  detached(sessions.start(), log, 'Not every folder was opened');
  return api;
}
