import * as l10n from '@vscode/l10n';
import type { RuleSources } from '../../model/ruleSources';
import { Rules } from '../../rules/rules';
import { type Deadline, inSlices } from './deadline';
import { isSecretLine } from './ignoreProposal';
import type { TreeReader } from './treeReader';
import { forIconLabel, oneLine } from '../../views/text/displayText';
import { type TimeText, fileCount } from '../../views/text/timeText';
import type { SurveyCut } from './folderSurvey';
import { plural } from '../../base/plural';

/** What rules would watch. */
export interface Preview {
  readonly files: number;
  readonly bytes: number;
  /** Files above the size limit. Their bytes do not count, since they are not stored. */
  readonly large: number;
  /** The time was up before everything was counted. */
  readonly isCut: boolean;
  /** The largest folders, at most two levels deep; `''`: the files at the root. */
  readonly folders: readonly FolderShare[];
  /** The first excluded files that are likely secrets. */
  readonly secrets: readonly string[];
}

interface FolderShare {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

export interface PreviewOptions {
  /** All files, relative to the workspace folder, with `/`. */
  readonly files: readonly string[];
  readonly sources: RuleSources;
  /** Counts only files in this folder; `''`: all. */
  readonly within: string;
  readonly maxFileBytes: number;
  readonly reader: Pick<TreeReader, 'size'>;
  readonly deadline: Deadline;
}

/** Files to measure at the same time. */
const parallel = 64;
const maxSecrets = 1_000;

/** Counts what rules would watch. */
export async function previewOf(options: PreviewOptions): Promise<Preview> {
  const { watched, secrets } = await sortOut(options);
  const sizes = await measure(watched, options);
  const folders = new Map<string, { files: number; bytes: number }>();
  const total = { files: 0, bytes: 0, large: 0 };
  for (const [index, path] of watched.entries()) {
    const size = index < sizes.length ? sizes[index] : 0;
    // It was deleted meanwhile.
    if (size === undefined) continue;
    const isLarge = size > options.maxFileBytes;
    const folder = folderOf(path);
    const share = folders.get(folder) ?? { files: 0, bytes: 0 };
    folders.set(folder, share);
    for (const sum of [share, total]) {
      sum.files++;
      sum.bytes += isLarge ? 0 : size;
    }
    if (isLarge) total.large++;
  }
  const shares = [...folders].map(([folder, share]) => ({ folder, ...share }));
  shares.sort((a, b) => b.bytes - a.bytes || b.files - a.files || (a.folder < b.folder ? -1 : 1));
  return { ...total, isCut: options.deadline.isOver, folders: shares, secrets };
}

async function sortOut({ files, sources, within, deadline }: PreviewOptions) {
  const rules = new Rules(sources);
  const watched: string[] = [];
  const secrets: string[] = [];
  const sort = (path: string): void => {
    const verdict = rules.explain(path);
    if (verdict.watched) watched.push(path);
    else if (verdict.reason === 'ignored' && isSecretLine(verdict.rule.pattern) && secrets.length < maxSecrets) {
      secrets.push(path);
    }
  };
  const asked = within === '' ? files : files.filter((path) => path.startsWith(`${within}/`));
  await inSlices(asked, sort, () => deadline.isOver);
  return { watched, secrets };
}

/** The sizes of as many files as there is time for. */
async function measure(paths: readonly string[], { reader, deadline }: PreviewOptions) {
  const sizes: (number | undefined)[] = [];
  while (sizes.length < paths.length && !deadline.isOver) {
    const next = paths.slice(sizes.length, sizes.length + parallel);
    sizes.push(...((await deadline.race(Promise.all(next.map((path) => reader.size(path))))) ?? []));
  }
  return sizes;
}

/** At most two levels deep. */
function folderOf(path: string): string {
  return path.split('/', 3).slice(0, -1).join('/');
}

export interface PreviewFacts {
  readonly preview: Preview;
  readonly cut: SurveyCut;
  /** Folders that the rules exclude. */
  readonly leftOut: readonly string[];
  /** Top-level names that no line lists. */
  readonly unlisted: readonly string[];
  /** Ignore files of git that could not be converted. */
  readonly unusable: readonly string[];
  readonly maxFileBytes: number;
}

/** A row of the preview, for a quick pick. */
export interface PreviewRow {
  readonly icon: string;
  readonly label: string;
  readonly description: string;
}

const bytesPerMB = 1024 * 1024;
/** Rows or names shown of one kind. */
const maxShown = 5;

/** Describes what proposed rules would watch. */
export class PreviewText {
  constructor(private readonly time: TimeText) {}

  /** The button that agrees. */
  agree({ preview, cut }: PreviewFacts): string {
    const { time } = this;
    const isCut = preview.isCut || cut.hasEnded || cut.large.length + cut.deep.length > 0;
    if (isCut) return l10n.t('Watch {0} or More Files', time.count(preview.files));
    if (preview.files === 0) return l10n.t('Watch New Files');
    return plural(preview.files, l10n.t('Watch 1 File'), l10n.t('Watch {0} Files', time.count(preview.files)));
  }

  /** The placeholder of the pick. */
  question({ preview }: PreviewFacts, name: string): string {
    if (preview.files === 0) return l10n.t('There is nothing to watch in {0} yet.', oneLine(name));
    return l10n.t('{0}, {1}. Nothing is recorded yet.', this.count(preview.files), this.time.size(preview.bytes));
  }

  folders({ preview }: Pick<PreviewFacts, 'preview'>): PreviewRow[] {
    const shown = preview.folders.slice(0, maxShown).map(({ folder, files, bytes }) => ({
      icon: 'folder',
      label: folder === '' ? l10n.t('files in the root') : forIconLabel(oneLine(folder)),
      description: `${this.count(files)} · ${this.time.size(bytes)}`,
    }));
    const rest = preview.folders.slice(maxShown);
    if (rest.length === 0) return shown;
    const files = rest.reduce((sum, share) => sum + share.files, 0);
    const bytes = rest.reduce((sum, share) => sum + share.bytes, 0);
    const label = plural(
      rest.length,
      l10n.t('1 more folder'),
      l10n.t('{0} more folders', this.time.count(rest.length)),
    );
    return [...shown, { icon: 'ellipsis', label, description: `${this.count(files)} · ${this.time.size(bytes)}` }];
  }

  /** What is not watched, or was not counted, and why. */
  notes(facts: PreviewFacts): PreviewRow[] {
    const { time } = this;
    const { preview, cut, maxFileBytes } = facts;
    const ofMany = [
      this.named('circle-slash', l10n.t('Ignored folders'), byName(facts.leftOut)),
      this.named('key', l10n.t('Likely secrets, ignored'), preview.secrets),
      this.named('eye-closed', l10n.t('Not listed'), facts.unlisted),
      this.named('warning', l10n.t('Ignored, since these cannot be converted'), facts.unusable),
      this.named('warning', l10n.t('Cannot be read'), cut.unreadable.map(folderName)),
      this.named('warning', l10n.t('Too many entries to count'), cut.large.map(folderName)),
      this.named('warning', l10n.t('Too deep to count'), cut.deep),
    ];
    const maxMB = time.count(Math.round(maxFileBytes / bytesPerMB));
    const large = l10n.t('{0} larger than {1} MB', this.count(preview.large), maxMB);
    const hasEnded = cut.hasEnded || preview.isCut;
    return [
      ...(preview.large > 0
        ? [{ icon: 'info', label: large, description: l10n.t('Changes are noted, contents are not stored.') }]
        : []),
      ...ofMany.filter((row) => row !== undefined),
      ...(hasEnded
        ? [{ icon: 'warning', label: l10n.t('The folder is too large to count everything'), description: '' }]
        : []),
    ];
  }

  private count(files: number): string {
    return fileCount(files, this.time);
  }

  private named(icon: string, label: string, names: readonly string[]): PreviewRow | undefined {
    if (names.length === 0) return undefined;
    const shown = names.slice(0, maxShown).map((name) => forIconLabel(oneLine(name)));
    const rest = names.length - shown.length;
    if (rest > 0) shown.push(l10n.t('{0} more', this.time.count(rest)));
    return { icon, label, description: shown.join(', ') };
  }
}

/** `node_modules (3)`: folders of one name together, the most frequent first. */
function byName(paths: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    // Never watched, so not worth a note.
    if (name !== '.git') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
}

function folderName(path: string): string {
  return path === '' ? '.' : path;
}
