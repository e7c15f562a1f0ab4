import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { TestFolder, until } from '../integration/support';

/** Enough lines that emptying a file is a loss, and no file equals another. */
function textOf(name: string, state: string): string {
  return Array.from({ length: 40 }, (_, line) => `${state} line ${line} of ${name}\n`).join('');
}

/** A git repository in the window, with work that is committed, and work that is not. */
export class Place {
  /** What must come back: the bytes of each file. */
  readonly precious = new Map<string, Buffer>();
  private readonly savedTexts = new Map<string, string>();

  private constructor(
    readonly folder: TestFolder,
    private readonly title: string,
  ) {}

  static async make(title: string): Promise<Place> {
    const folder = await TestFolder.open({
      '.obbywatch': '*\n',
      'src/committed.ts': textOf('committed.ts', `${title}: committed`),
      'src/edited.ts': textOf('edited.ts', `${title}: committed`),
      'src/generated.ts': textOf('generated.ts', `${title}: committed`),
    });
    const place = new Place(folder, title);
    await folder.sh(
      'git init -q -b main; git config user.name Me; git config user.email me@example.org; git add -A; git commit -qm one',
    );
    await folder.eventsArrive();
    await place.save('src/edited.ts');
    await place.save('notes/saved.md');
    await place.write('src/generated.ts');
    await place.write('notes/written.md');
    await folder.write('data/image.bin', Buffer.from(textOf('image.bin', `\0${title}`)));
    return place;
  }

  text(name: string, state: string): string {
    return textOf(name, `${this.title}: ${state}`);
  }

  /** Writes a file as a program does. */
  write(name: string, state = 'written'): Promise<void> {
    return this.folder.write(name, this.text(name, state));
  }

  /** Types a text over the whole file in an editor. */
  async type(name: string, state: string): Promise<vscode.TextDocument> {
    const file = this.folder.pathOf(name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '', { flag: 'a' });
    const document = await vscode.workspace.openTextDocument(this.folder.uriOf(name));
    const onDisk = await readFile(file, 'utf8');
    await until(`the text of ${name} in its editor`, () => document.getText() === onDisk);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), this.text(name, state));
    if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${name} cannot be edited.`);
    return document;
  }

  /** Saves a new text of a file in an editor. */
  async save(name: string, state = 'saved'): Promise<void> {
    const document = await this.type(name, state);
    // VS Code refuses a save until it has seen the file's newest state on disk.
    await until(`a save of ${name}`, async () => document.save());
    this.savedTexts.set(name, this.text(name, state));
  }

  /** The newest texts that editors saved. */
  get saved(): readonly Buffer[] {
    return [...this.savedTexts.values()].map((text) => Buffer.from(text));
  }

  /** Waits until the history has what is on disk, and makes all of it precious. */
  async settle(): Promise<void> {
    await this.folder.api.flush();
    await this.folder.assertHistoryIsTrue(() => true);
    for (const name of await this.folder.files()) this.precious.set(name, await this.folder.read(name));
  }

  /** What was precious below one path is so below another. */
  moved(from: string, to: string): void {
    for (const [name, content] of [...this.precious]) {
      if (!name.startsWith(from)) continue;
      this.precious.delete(name);
      this.precious.set(to + name.slice(from.length), content);
    }
  }

  /** The precious files that do not have their bytes, links not followed. */
  async missing(): Promise<string[]> {
    const names = [];
    for (const [name, content] of this.precious) {
      const found = await this.readPlain(name);
      if (!found?.equals(content)) names.push(name);
    }
    return names;
  }

  private async readPlain(name: string): Promise<Buffer | undefined> {
    const file = this.folder.pathOf(name);
    try {
      return (await realpath(file)) === file ? await readFile(file) : undefined;
    } catch {
      return undefined;
    }
  }
}
