import { Rules } from '../../rules/rules';
import { type Deadline, inSlices } from './deadline';
import { IgnoreFiles } from './ignoreFiles';
import { exampleNames } from './ignoreLists';
import { ignoresWith, proposeIgnore, type IgnoreInput } from './ignoreProposal';
import type { TreeEntry, TreeReader } from './treeReader';

export interface SurveyOptions {
  readonly reader: TreeReader;
  /** What git's files above the workspace folder say; undefined when they cannot be used. */
  readonly fromAbove: IgnoreInput['fromAbove'];
  /** The text of the `.obbyignore` at the root; `''`: none. */
  readonly existing: string;
  /** Lines will be added to it. */
  readonly proposesIgnores: boolean;
  /** Whether Obby never records what is in a folder, such as another workspace folder. */
  readonly isReserved: (folder: string) => Promise<boolean>;
  readonly deadline: Deadline;
  readonly bounds?: Partial<SurveyBounds>;
}

interface SurveyBounds {
  readonly entries: number;
  readonly entriesInFolder: number;
  readonly depth: number;
  readonly ignoreFiles: number;
  readonly caches: number;
}

const surveyBounds: SurveyBounds = {
  entries: 200_000,
  entriesInFolder: 20_000,
  depth: 100,
  ignoreFiles: 1_000,
  caches: 200,
};

/** What a survey did not look at. */
export interface SurveyCut {
  /** Its time was up, or the number of entries reached the bound. */
  readonly hasEnded: boolean;
  /** Folders of which only the first entries were read. */
  readonly large: readonly string[];
  /** Folders that lie too deep. */
  readonly deep: readonly string[];
  readonly unreadable: readonly string[];
}

/** What lies in a workspace folder, but for what is in folders that the rules leave out, proposed lines included. */
export interface Survey {
  /** Files, and links to files; also those that the rules leave out. */
  readonly files: readonly string[];
  /** Folders directly in the workspace folder that the rules do not leave out. */
  readonly topFolders: readonly string[];
  /** Folders that the rules leave out. */
  readonly leftOut: readonly string[];
  /** Folders in which Obby never records. */
  readonly reserved: readonly string[];
  readonly ignoreInput: IgnoreInput;
  readonly cut: SurveyCut;
}

/** Folders that are read at the same time. */
const parallel = 16;
/** Files by which a folder says that a tool fills it. */
const markers: ReadonlySet<string> = new Set(['CACHEDIR.TAG', 'pyvenv.cfg']);

/**
 * Looks at what lies in a workspace folder, without following links to folders. It goes level by level, so that the
 * rules from a folder's ignore files are known before its folders are entered, and a bound cuts off the deepest.
 * @returns undefined when the rules cannot hold what would be proposed
 */
export async function surveyFolder(options: SurveyOptions): Promise<Survey | undefined> {
  const run = new SurveyRun(options);
  return (await run.walk()) ? run.result : undefined;
}

class SurveyRun {
  private readonly bounds: SurveyBounds;
  private readonly ignoreFiles: IgnoreFiles;
  private readonly files: string[] = [];
  private readonly topFolders: string[] = [];
  private readonly leftOut: string[] = [];
  private readonly reserved: string[] = [];
  private readonly caches: string[] = [];
  private readonly cut = { hasEnded: false, large: [] as string[], deep: [] as string[], unreadable: [] as string[] };
  private entries = 0;
  private rules: Rules | undefined;
  /** How many ignore files the rules were made from. */
  private ruledBy = -1;

  constructor(private readonly options: SurveyOptions) {
    this.bounds = { ...surveyBounds, ...options.bounds };
    this.ignoreFiles = new IgnoreFiles(options.reader, this.bounds.ignoreFiles);
  }

  get result(): Survey {
    const { topFolders, leftOut, reserved, ignoreInput, cut } = this;
    return { files: [...this.files], topFolders, leftOut, reserved, ignoreInput, cut };
  }

  /** False: the rules cannot hold what would be proposed. */
  async walk(): Promise<boolean> {
    let level: readonly string[] = [''];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > this.bounds.depth) {
        this.cut.deep.push(...level);
        return true;
      }
      const found = await this.readAll(level);
      if (!this.useRules()) return false;
      const entered = await this.enterable(found);
      if (depth === 0) this.topFolders.push(...entered);
      if (this.isOver && entered.length > 0) this.cut.hasEnded = true;
      level = this.isOver ? [] : entered;
    }
    return true;
  }

  private get isOver(): boolean {
    return this.options.deadline.isOver || this.entries >= this.bounds.entries;
  }

  private get ignoreInput(): IgnoreInput {
    const { gitignores, nested } = this.ignoreFiles;
    const { existing, fromAbove } = this.options;
    const examples = this.files.filter((path) => exampleNames.has(path.slice(path.lastIndexOf('/') + 1)));
    return { fromAbove, gitignores, caches: [...this.caches], examples, existing, nested };
  }

  /** Returns the folders in some folders. */
  private async readAll(folders: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (let start = 0; start < folders.length; start += parallel) {
      if (this.isOver) this.cut.hasEnded = true;
      if (this.isOver) break;
      const reads = folders.slice(start, start + parallel).map((folder) => this.read(folder));
      const lists = await this.options.deadline.race(Promise.all(reads));
      if (lists === undefined) this.cut.hasEnded = true;
      found.push(...(lists ?? []).flat());
    }
    return found;
  }

  private async read(folder: string): Promise<readonly string[]> {
    try {
      const entries = await this.entriesOf(folder);
      const names = new Set(entries.map(({ name }) => name));
      const isCut = this.isOver || this.cut.large.includes(folder);
      await this.ignoreFiles.read(folder, (name) => names.has(name) || (isCut && entries.length > 0));
      for (const { name, kind } of entries) {
        const path = join(folder, name);
        // A link to a folder is not followed, and one to a file is recorded like the file.
        if (kind === 'file' || (kind === 'link' && (await this.hasSize(path)))) this.files.push(path);
      }
      return entries.filter(({ kind }) => kind === 'folder').map(({ name }) => join(folder, name));
    } catch {
      this.cut.unreadable.push(folder);
      return [];
    }
  }

  /** None for a folder that a tool fills. */
  private async entriesOf(folder: string): Promise<TreeEntry[]> {
    const entries: TreeEntry[] = [];
    for await (const entry of this.options.reader.entries(folder)) {
      if (this.isOver) break;
      if (entries.length >= this.bounds.entriesInFolder) {
        this.cut.large.push(folder);
        break;
      }
      if (this.isMarker(folder, entry)) return [];
      this.entries++;
      entries.push(entry);
    }
    return entries;
  }

  /** Beyond the bound, a folder that a tool fills is like any other. */
  private isMarker(folder: string, { name, kind }: TreeEntry): boolean {
    const isMarker = markers.has(name) && kind === 'file' && folder !== '' && this.options.proposesIgnores;
    if (!isMarker || this.caches.length >= this.bounds.caches) return false;
    this.caches.push(folder);
    return true;
  }

  private async hasSize(path: string): Promise<boolean> {
    return (await this.options.reader.size(path)) !== undefined;
  }

  /** Makes the rules that would be proposed for what was found so far. */
  private useRules(): boolean {
    const count = this.ignoreFiles.count + this.caches.length;
    if (count === this.ruledBy) return true;
    const input = this.ignoreInput;
    const sections = this.options.proposesIgnores ? proposeIgnore(input)?.sections : [];
    if (!sections) return false;
    this.rules = new Rules({ watch: '*', ignores: ignoresWith(input, sections) });
    this.ruledBy = count;
    return true;
  }

  private async enterable(folders: readonly string[]): Promise<string[]> {
    const wanted: string[] = [];
    const sort = (folder: string): void => {
      const isWanted = this.rules?.mayContainWatched(folder) === true;
      (isWanted ? wanted : this.leftOut).push(folder);
    };
    await inSlices(folders, sort, () => this.options.deadline.isOver);
    const entered: string[] = [];
    for (const folder of wanted) {
      if (await this.options.isReserved(folder)) this.reserved.push(folder);
      else entered.push(folder);
    }
    return entered;
  }
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
