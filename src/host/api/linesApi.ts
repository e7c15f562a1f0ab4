import * as vscode from 'vscode';
import type { ObbyApi } from '../../api/api';
import type { LinesQuery } from '../../model/lines';
import type { Sessions } from '../session/sessions';
import { expectedEncodings } from '../settings/fileEncodings';
import { asVersion, inFolder, partsOfId } from './addresses';
import { aLinePage, aLineRange, aUri } from './arguments';

/** The part of the history API about lines. */
export function linesApi(sessions: Sessions): Pick<ObbyApi['history'], 'lineHistory' | 'lines'> {
  return {
    async lineHistory(value, range, page) {
      const [uri, lines] = [aUri('uri', value), aLineRange('range', range)];
      const { before, ...limit } = aLinePage(page);
      const { session, path } = await inFolder(sessions, uri);
      const query = { ...queryOf(uri), ...limit, ...(before !== undefined && { before: partsOfId(before).id }) };
      const found = await session.history.lineHistory(path, lines, query);
      const folder = session.folder.uri;
      return found.map((each) => ({
        version: asVersion(folder, each.version),
        range: each.range,
        ...(each.before && { before: { ...each.before, version: asVersion(folder, each.before.version) } }),
      }));
    },
    async lines(value) {
      const uri = aUri('uri', value);
      const { session, path } = await inFolder(sessions, uri);
      const { versions, lines } = await session.history.lineOrigins(path, queryOf(uri));
      return { versions: versions.map((version) => asVersion(session.folder.uri, version)), lines };
    },
  };
}

function queryOf(file: vscode.Uri): LinesQuery {
  const editor = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  return { encodings: expectedEncodings(file), ...(editor && { text: editor.getText() }) };
}
