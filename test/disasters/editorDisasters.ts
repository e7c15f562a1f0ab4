import * as vscode from 'vscode';
import type { Disaster } from './disaster';
import type { Place } from './place';

/** Losses in the editor. */
export const editorDisasters: readonly Disaster[] = [
  { name: 'A formatter empties a file on save', report: 'zed-industries/zed#6052', strike: formatToNothing },
  { name: 'Saved, then overwritten at once', report: 'microsoft/vscode#321306', strike: saveAndOverwrite },
  { name: 'A restore over unsaved text', report: 'microsoft/vscode#317861', strike: restoreOverUnsaved },
  { name: 'A folder deleted in the Explorer', report: 'microsoft/vscode#214922', strike: deleteFolder },
];

/** A save runs a formatter that is not installed, and its output takes the file's place. */
async function formatToNothing(place: Place): Promise<void> {
  const name = 'notes/saved.md';
  await place.save(name, 'precious');
  place.precious.set(name, Buffer.from(place.text(name, 'precious')));
  await place.folder.sh(`cp ${name} .git/input; formatter-not-installed < .git/input > ${name} 2> .git/errors || true`);
}

/** What was saved is on disk for no longer than a program takes to write over it. */
async function saveAndOverwrite(place: Place): Promise<void> {
  const name = 'src/edited.ts';
  await place.save(name, 'precious');
  await place.write(name, 'overwritten');
  place.precious.set(name, Buffer.from(place.text(name, 'precious')));
}

async function restoreOverUnsaved(place: Place): Promise<void> {
  const name = 'src/edited.ts';
  await place.type(name, 'unsaved');
  const oldest = (await place.folder.versions(name)).at(-1);
  if (!oldest) throw new Error(`${name} has no versions.`);
  await place.folder.api.act.restore(oldest.id);
  place.precious.set(name, Buffer.from(place.text(name, 'unsaved')));
}

async function deleteFolder({ folder }: Place): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.deleteFile(folder.uriOf('notes'), { recursive: true });
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('The folder cannot be deleted.');
}
