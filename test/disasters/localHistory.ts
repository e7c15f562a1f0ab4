import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

/** The part of `entries.json` that counts. */
interface Entries {
  readonly resource: string;
  readonly entries: readonly { readonly id: string }[];
}

/** Every content that VS Code's Local History has of files below a folder, read from its own files. */
export async function localHistoryBelow(userData: string, root: string): Promise<Buffer[]> {
  const all = path.join(userData, 'History');
  const contents: Buffer[] = [];
  for (const name of await namesIn(all)) {
    const listed = await entriesIn(path.join(all, name));
    if (!listed || !vscode.Uri.parse(listed.resource).path.startsWith(`${root}/`)) continue;
    for (const { id } of listed.entries) contents.push(await readFile(path.join(all, name, id)));
  }
  return contents;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // Nothing has been saved yet.
    return [];
  }
}

/** Undefined while VS Code has not written the list, or is writing it. */
async function entriesIn(folder: string): Promise<Entries | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, 'entries.json'), 'utf8')) as Entries;
  } catch {
    return undefined;
  }
}
