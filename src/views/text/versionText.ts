import * as l10n from '@vscode/l10n';
import { assertNever } from '../../base/errors';
import type { ChangeSetRecord } from '../../model/changeSet';
import type { ChangeKind, Unstored, VersionRecord } from '../../model/version';
import { causeIcons, CauseText, isGuess, type Written } from './causeText';
import { fileName, oneLine } from './displayText';
import { type TimeText, fileCount } from './timeText';
import { plural } from '../../base/plural';

/** What {@link VersionText} needs of a version. */
export type Describable = Omit<VersionRecord, 'path'>;

/** Describes versions and change sets. */
export class VersionText {
  private readonly causes: CauseText;

  constructor(readonly time: TimeText) {
    this.causes = new CauseText(time);
  }

  /** Lines added and removed by one or more versions: `+3 −1`, `+3`, or nothing. */
  counts(...versions: readonly Describable[]): string {
    const counted = versions.filter(hasCounts);
    const added = counted.reduce((sum, version) => sum + (version.added ?? 0), 0);
    const removed = counted.reduce((sum, version) => sum + (version.removed ?? 0), 0);
    return this.lineCounts(added, removed);
  }

  private lineCounts(added: number, removed: number): string {
    return [added > 0 && `+${this.time.count(added)}`, removed > 0 && `−${this.time.count(removed)}`]
      .filter(Boolean)
      .join(' ');
  }

  /** A few words: `save`, `likely npm run format`. */
  cause(version: Written): string {
    return this.causes.short(version);
  }

  /** The cause and its confidence as a sentence. */
  causeSentence(version: Written): string {
    return this.causes.sentence(version);
  }

  /** The text beside the time in a list: `+3 −1 · save`. */
  summary(version: Describable): string {
    return [this.changes(version), this.cause(version)].filter(Boolean).join(' · ');
  }

  /** What is new about a version: `pinned · +3 −1`. */
  changes(version: Describable): string {
    return [this.kept(version), this.what(version), this.counts(version), modeChange(version)]
      .filter(Boolean)
      .join(' · ');
  }

  /** The title of a change set: `npm run format · 212 files`. */
  changeSetTitle({ files, newest }: Pick<ChangeSetRecord, 'files' | 'newest'>): string {
    const count = fileCount(files, this.time);
    return [this.causes.title(newest), count].filter(Boolean).join(' · ');
  }

  /** The text beside the title: `14:02 · deleted · −40 · terminal`. */
  changeSet({ newest, versions, kinds, added, removed }: ChangeSetRecord): string {
    const isSame = kinds[newest.kind] === versions && newest.cause !== 'baseline';
    const cause = this.causes.title(newest) === undefined ? this.cause(newest) : this.certainty(newest);
    return [this.time.short(newest.time), isSame ? this.kind(newest.kind) : '', this.lineCounts(added, removed), cause]
      .filter(Boolean)
      .join(' · ');
  }

  private certainty(version: Written): string {
    return isGuess(version) ? l10n.t('likely') : '';
  }

  /** For screen readers, which read `+3 −1` poorly. */
  spoken(version: Describable): string {
    const { added = 0, removed = 0 } = hasCounts(version) ? version : {};
    const parts = [
      this.time.full(version.time),
      this.what(version),
      added > 0 && plural(added, l10n.t('1 line added'), l10n.t('{0} lines added', this.time.count(added))),
      removed > 0 && plural(removed, l10n.t('1 line removed'), l10n.t('{0} lines removed', this.time.count(removed))),
      modeChange(version),
      this.causeSentence(version),
      this.kept(version),
    ];
    return parts.filter(Boolean).join(', ');
  }

  /** Why there is no content. */
  unstored(reason: Unstored): string {
    switch (reason) {
      case 'too large':
        return l10n.t('not stored: too large');
      case 'unreadable':
        return l10n.t('not stored: could not be read');
      case 'forgotten':
        return l10n.t('content deleted from the history');
      default:
        return assertNever(reason);
    }
  }

  /** The lines of a tooltip, plain text. */
  details(version: Describable): string[] {
    const size = version.kind === 'deleted' ? '' : this.time.size(version.size);
    const hash = version.sha256 ? l10n.t('SHA-256 {0}…', version.sha256.slice(0, 12)) : '';
    return [
      [this.what(version), this.counts(version), size, modeChange(version)].filter(Boolean).join(' · '),
      this.causeSentence(version),
      this.label(version) && l10n.t('Label: {0}', this.label(version)),
      version.pinned ? l10n.t('Pinned: kept permanently') : '',
      hash,
    ].filter(Boolean);
  }

  /** The kind of change; empty for a plain one. */
  what(version: Describable): string {
    if (version.unstored) return this.unstored(version.unstored);
    if (version.eolOnly) return l10n.t('line endings');
    switch (version.kind) {
      case 'created':
        if (version.causeDetail?.movedFrom !== undefined) return l10n.t('moved here');
        return version.cause === 'baseline' ? '' : this.kind('created');
      case 'renamed':
        return l10n.t('renamed from {0}', oneLine(fileName(version.renamedFrom ?? '')));
      case 'modified':
        return version.binary ? l10n.t('binary') : '';
      case 'deleted':
        return version.causeDetail?.movedTo === undefined ? this.kind('deleted') : l10n.t('moved away');
      default:
        return assertNever(version.kind);
    }
  }

  /** Empty for a plain change. */
  private kind(kind: ChangeKind): string {
    switch (kind) {
      case 'created':
        return l10n.t('created');
      case 'deleted':
        return l10n.t('deleted');
      case 'renamed':
        return l10n.t('renamed');
      case 'modified':
        return '';
      default:
        return assertNever(kind);
    }
  }

  /** Its label and its pin, if any. */
  private kept(version: Describable): string {
    return [this.label(version), version.pinned && l10n.t('pinned')].filter(Boolean).join(' · ');
  }

  private label(version: Describable): string {
    return version.label === undefined ? '' : oneLine(version.label);
  }
}

/** The permission bits before and after, if they changed: `mode 644 → 755`. */
function modeChange({ previousMode, mode }: Describable): string {
  if (previousMode === undefined || mode === undefined) return '';
  const [before, after] = [previousMode, mode].map((bits) => bits.toString(8).padStart(3, '0'));
  return l10n.t('mode {0} → {1}', before ?? '', after ?? '');
}

/** Not for a baseline, in which all lines are new, nor for a change of line endings. */
function hasCounts({ eolOnly, cause }: Describable): boolean {
  return !eolOnly && cause !== 'baseline';
}

/** The colour of a cause that is only likely. */
export const guessColor = 'descriptionForeground';

/** The codicon of a version, for its kind if that is special, else for its cause; and the icon's colour, if any. */
export function versionIcon(version: Pick<Describable, 'kind' | 'cause' | 'confidence' | 'unstored' | 'pinned'>): {
  readonly icon: string;
  readonly color?: string;
} {
  if (version.unstored) return { icon: 'warning', color: 'list.warningForeground' };
  if (version.pinned) return { icon: 'pinned' };
  switch (version.kind) {
    case 'deleted':
      return { icon: 'trash', color: 'gitDecoration.deletedResourceForeground' };
    case 'renamed':
      return { icon: causeIcons.rename };
    case 'created':
      return version.cause === 'baseline'
        ? { icon: causeIcons.baseline }
        : { icon: 'new-file', color: 'gitDecoration.addedResourceForeground' };
    case 'modified':
      return { icon: causeIcons[version.cause], ...(isGuess(version) && { color: guessColor }) };
    default:
      return assertNever(version.kind);
  }
}
