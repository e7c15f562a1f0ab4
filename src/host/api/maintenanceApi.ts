import * as l10n from '@vscode/l10n';
import { Uri } from 'vscode';
import type { FolderCheck, ForgetPlan, ForgetResult, Label, Transfer, MaintenanceAction } from '../../api/api';
import type { MaintenanceCalls } from '../../api/apiMaintenance';
import { ObbyError } from '../../base/errors';
import type { FolderForgetRequest } from '../../model/historyMaintenance';
import type { HistoryActions } from '../../engine/engine';
import {
  aBoolean,
  aFilePath,
  aForgetRequest,
  aName,
  anObject,
  anOptionalUri,
  aText,
  aTime,
  aUri,
  aVersionId,
} from './arguments';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { asVersion, inFolder, inHistory, inOrBelow, publicId, sessionOf } from './addresses';

/** Publishes that an action changed a session's history. */
export type Done = (session: FolderSession, what: MaintenanceAction) => void;

/** The part of the public API that changes histories. */
export function maintenanceApi(sessions: Sessions, done: Done): Omit<MaintenanceCalls, 'useHistory' | 'removeHistory'> {
  return {
    label: async (name, options) => label(sessions, done, aName('name', name), anObject('options', options)),
    async removeLabel(value) {
      const { session, id } = await inHistory(sessions, aText('id', value));
      await session.actions.removeLabel(id);
      done(session, 'label');
    },
    async pin(value, pinned = true) {
      const [version, isPinned] = [aVersionId('id', value), aBoolean('pinned', pinned)];
      const { session, id } = await inHistory(sessions, version);
      const record = await session.actions.pin(id, isPinned);
      done(session, 'pin');
      return asVersion(session.folder.uri, record);
    },
    planForget: async (request) => planForget(await forgetting(sessions, request)),
    forget: async (request) => forget(done, await forgetting(sessions, request)),
    verify: async (folder) => verify(sessions, done, anOptionalUri('folder', folder)),
    async exportHistory(what, target) {
      const file = aFilePath('target', target);
      const { session, path } = await inOrBelow(sessions, aUri('what', what));
      return session.actions.exportTo(path, file);
    },
    async importHistory(source, folder): Promise<Transfer> {
      const file = aFilePath('source', source);
      const session = await sessionOf(sessions, aUri('folder', folder));
      const transfer = await session.actions.importFrom(file);
      done(session, 'import');
      return transfer;
    },
  };
}

async function label(
  sessions: Sessions,
  done: Done,
  name: string,
  options: Readonly<Record<string, unknown>>,
): Promise<Label[]> {
  const folder = anOptionalUri('options.folder', options['folder']);
  const past = options['time'] === undefined ? undefined : aTime('options.time', options['time']);
  const labelled = sessions.in(folder);
  if (labelled.length === 0) throw new ObbyError('noFolder', l10n.t('No workspace folder is on disk.'));
  await Promise.all(labelled.map((session) => (past === undefined ? session.flush() : session.whenOpen())));
  // One time for all folders, so that lists show their labels as one row.
  const time = past ?? Date.now();
  const labels: Label[] = [];
  for (const session of labelled) {
    const { id, ...rest } = await session.actions.label(name, time);
    labels.push({ ...rest, id: publicId(session.folder.uri, id), folder: session.folder.uri });
    done(session, 'label');
  }
  return labels;
}

/** A request to delete history, for one of its folders. */
interface Forgetting {
  readonly session: FolderSession;
  readonly request: FolderForgetRequest;
}

async function forgetting(sessions: Sessions, value: unknown): Promise<Forgetting[]> {
  const { uri, folder, ...request } = aForgetRequest(value);
  if (uri) {
    const { session, path } = await inFolder(sessions, uri);
    return [{ session, request: { ...request, path } }];
  }
  const chosen = sessions.in(folder);
  // Rejects if one is not open: skipping it would leave data that is to be deleted.
  await Promise.all(chosen.map((session) => session.whenOpen()));
  return chosen.map((session) => ({ session, request }));
}

async function planForget(parts: readonly Forgetting[]): Promise<ForgetPlan> {
  const plans = await Promise.all(
    parts.map(async ({ session, request }) => ({ session, plan: await session.actions.planForget(request) })),
  );
  return {
    ...summed(plans.map(({ session, plan }) => ({ session, selected: plan }))),
    onDisk: plans.flatMap(({ session, plan }) => plan.onDisk.map((path) => Uri.joinPath(session.folder.uri, path))),
  };
}

async function forget(done: Done, parts: readonly Forgetting[]): Promise<ForgetResult> {
  const results: { session: FolderSession; selected: Awaited<ReturnType<HistoryActions['forget']>> }[] = [];
  for (const { session, request } of parts) {
    results.push({ session, selected: await session.actions.forget(request) });
    done(session, 'forget');
  }
  return { ...summed(results), freedBytes: results.reduce((sum, { selected }) => sum + selected.freedBytes, 0) };
}

type Selected = Awaited<ReturnType<HistoryActions['planForget' | 'forget']>>;

function summed(
  parts: readonly { readonly session: FolderSession; readonly selected: Selected }[],
): Omit<ForgetPlan, 'onDisk'> {
  return {
    versions: parts.reduce((sum, { selected }) => sum + selected.versions, 0),
    files: parts.flatMap(({ session, selected }) =>
      selected.files.map(({ path, versions }) => ({ uri: Uri.joinPath(session.folder.uri, path), versions })),
    ),
    isCut: parts.some(({ selected }) => selected.isCut),
    labels: parts.reduce((sum, { selected }) => sum + (selected.labels ?? 0), 0),
  };
}

async function verify(sessions: Sessions, done: Done, folder: Uri | undefined): Promise<FolderCheck[]> {
  const checks: FolderCheck[] = [];
  for (const session of sessions.in(folder)) {
    await session.whenOpen();
    const { damaged, ...report } = await session.actions.check();
    const { uri } = session.folder;
    checks.push({ ...report, damaged: damaged.map((each) => ({ ...each, id: publicId(uri, each.id) })), folder: uri });
    done(session, 'check');
  }
  return checks;
}
