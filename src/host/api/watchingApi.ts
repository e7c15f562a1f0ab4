import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Explanation, FolderStatus, ObbyApi } from '../../api/api';
import { ObbyError } from '../../base/errors';
import { detached, type Log } from '../../base/log';
import type { Verdict } from '../../model/ruleSources';
import { anOptionalUri, aUri } from './arguments';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';

export function watchingApi(sessions: Sessions, log: Log): ObbyApi['watching'] {
  return {
    pause: async (folder) => sessions.pause(anOptionalUri('folder', folder)),
    resume: async (folder) => sessions.resume(anOptionalUri('folder', folder)),
    explain: async (uri) => explain(sessions, aUri('uri', uri)),
    async restoreRules(folder) {
      const [session, ...others] = sessions.in(anOptionalUri('folder', folder));
      if (!session || others.length > 0) throw new ObbyError('badArgument', 'folder must say which one is meant.');
      const paths = await session.restoreRules();
      return paths.map((path) => vscode.Uri.joinPath(session.folder.uri, path));
    },
    status: async () =>
      Promise.all((vscode.workspace.workspaceFolders ?? []).map((folder) => statusOf(sessions, folder))),
    async scan(folder, token) {
      const chosen = sessions.in(anOptionalUri('folder', folder));
      const cancel = (): void =>
        chosen.forEach((session) => detached(session.cancelScans(), log, 'A scan was not cancelled'));
      const cancelling = token?.onCancellationRequested(cancel);
      try {
        await Promise.all(chosen.map((session) => session.scan('asked')));
      } finally {
        cancelling?.dispose();
      }
    },
  };
}

async function statusOf(sessions: Sessions, folder: vscode.WorkspaceFolder): Promise<FolderStatus> {
  const session = sessions.all.find(({ key }) => key === folder.uri.toString());
  if (session) return session.status();
  const nothing = { files: 0, versions: 0, queue: 0, gaps: [], unrecorded: [] };
  return { folder: folder.uri, state: 'unsupported', engine: 'none', ...nothing };
}

async function explain(sessions: Sessions, uri: vscode.Uri): Promise<Explanation> {
  const found = sessions.find(uri);
  await found?.session.whenOpen();
  if (!found) return { watched: false, verdict: 'outside', reason: outside() };
  const { session, path } = found;
  return explained(session, await session.explain(path));
}

export function explained(session: FolderSession, verdict: Verdict): Explanation {
  const answer = { watched: verdict.watched, verdict: verdict.reason, reason: sentence(verdict) };
  if (!('rule' in verdict)) return answer;
  const { file, line, pattern } = verdict.rule;
  return { ...answer, ruleFile: vscode.Uri.joinPath(session.folder.uri, file), line, pattern };
}

function outside(): string {
  return l10n.t('Not watched: it is not in a workspace folder on disk.');
}

function sentence(verdict: Verdict): string {
  switch (verdict.reason) {
    case 'listed':
      return l10n.t(
        'Watched: line {0} of {1} includes it ({2}).',
        verdict.rule.line,
        verdict.rule.file,
        verdict.rule.pattern,
      );
    case 'taken out':
      return l10n.t(
        'Not watched: line {0} of {1} excludes it ({2}).',
        verdict.rule.line,
        verdict.rule.file,
        verdict.rule.pattern,
      );
    case 'ignored':
      return l10n.t(
        'Not watched: line {0} of {1} ignores it ({2}).',
        verdict.rule.line,
        verdict.rule.file,
        verdict.rule.pattern,
      );
    case 'unusable ignore file':
      return l10n.t(
        'Not watched: {0} cannot be used (line {1}). Until it is fixed, nothing in its folder is recorded.',
        verdict.rule.file,
        verdict.rule.line,
      );
    case 'no rules':
      return l10n.t('Not watched: the folder has no .obbywatch file, or an empty one.');
    case 'not listed':
      return l10n.t('Not watched: no line of .obbywatch matches it.');
    case 'always ignored':
      return l10n.t('Not watched: it belongs to git or to Obby itself.');
    case 'outside':
      return outside();
  }
}
