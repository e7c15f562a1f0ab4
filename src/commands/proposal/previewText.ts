import * as l10n from '@vscode/l10n';
import { forIconLabel, oneLine } from '../../views/text/displayText';
import { type TimeText, fileCount } from '../../views/text/timeText';
import type { SurveyCut } from './folderSurvey';
import type { Preview } from './preview';
import { plural } from '../../base/plural';

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
