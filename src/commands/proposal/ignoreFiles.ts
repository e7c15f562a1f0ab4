import type { RuleSources } from '../../model/ruleSources';
import { ignoreFile } from '../../rules/rules';
import type { GitignoreFile } from './ignoreProposal';
import type { TreeReader } from './treeReader';

/** The ignore files that a survey finds in a workspace folder. */
export class IgnoreFiles {
  private readonly git: GitignoreFile[] = [];
  private readonly own: { readonly dir: string; readonly text: string }[] = [];
  private found = 0;

  constructor(
    private readonly reader: Pick<TreeReader, 'text'>,
    /** Further files count as unusable. */
    private readonly maxFiles: number,
  ) {}

  get count(): number {
    return this.git.length + this.own.length;
  }

  /** In ascending precedence. */
  get gitignores(): readonly GitignoreFile[] {
    return [...this.git].sort((a, b) => depthOf(a) - depthOf(b) || (a.path < b.path ? -1 : 1));
  }

  /** The `.obbyignore` files in subfolders. */
  get nested(): RuleSources['ignores'] {
    return [...this.own];
  }

  /** Reads the ignore files of one folder. */
  async read(folder: string, mayHave: (name: string) => boolean): Promise<void> {
    const inFolder = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
    // In ascending precedence.
    const gitNames = [mayHave('.git') ? '.git/info/exclude' : '', mayHave('.gitignore') ? '.gitignore' : ''];
    for (const path of gitNames.filter(Boolean).map(inFolder)) {
      const file = await this.textOf(path);
      if (file) this.git.push({ path, dir: folder, text: file.text });
    }
    if (folder === '' || !mayHave(ignoreFile)) return;
    const file = await this.textOf(inFolder(ignoreFile));
    if (file) this.own.push({ dir: folder, text: file.text ?? '*' });
  }

  /** Undefined if there is no such file; an unusable one has no text. */
  private async textOf(path: string): Promise<{ readonly text: string | undefined } | undefined> {
    try {
      const text = await this.reader.text(path);
      if (text === undefined) return undefined;
      this.found++;
      return { text: this.found <= this.maxFiles ? text : undefined };
    } catch {
      return { text: undefined };
    }
  }
}

/** Sorted by path, `.git/info/exclude` comes before the `.gitignore` of its folder. */
function depthOf({ dir }: GitignoreFile): number {
  return dir === '' ? 0 : dir.split('/').length;
}
