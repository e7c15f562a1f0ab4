import { assertNever } from '../model/errors';
import type { CauseDetail, Cause, ChangeKind, Unstored, VersionRecord } from '../model/version';
import { fileName, oneLine } from './displayText';
import type { TimeText } from './timeText';

/** `vscode.l10n.t`, passed in so that this runs without VS Code. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** What {@link VersionText} needs of a version. */
export type Describable = Omit<VersionRecord, 'path'>;

/** Codicon names: what happened where it says more than who did it, else the cause. */
export const causeIcons: Readonly<Record<Cause, string>> = {
  save: 'save',
  terminal: 'terminal',
  task: 'tools',
  debug: 'debug-alt',
  git: 'source-control',
  'edit by extension': 'extensions',
  rename: 'arrow-right',
  restore: 'discard',
  baseline: 'eye',
  offline: 'debug-disconnect',
  external: 'multiple-windows',
};

/** Writes what happened in a version. */
export class VersionText {
  constructor(
    private readonly t: Translate,
    readonly time: TimeText,
  ) {}

  /** Lines added and removed, of one version or several: `+3 −1`, `+3`, or nothing where every line counts. */
  counts(...versions: readonly Describable[]): string {
    const counted = versions.filter(hasCounts);
    const added = counted.reduce((sum, version) => sum + (version.added ?? 0), 0);
    const removed = counted.reduce((sum, version) => sum + (version.removed ?? 0), 0);
    return [added > 0 && `+${this.time.count(added)}`, removed > 0 && `−${this.time.count(removed)}`]
      .filter(Boolean)
      .join(' ');
  }

  /** One or two words. */
  cause({ cause, causeDetail }: Pick<Describable, 'cause' | 'causeDetail'>): string {
    const { t } = this;
    switch (cause) {
      case 'save':
        return this.save(causeDetail?.save);
      case 'terminal':
        return t('terminal');
      case 'task':
        return t('task');
      case 'debug':
        return t('debug');
      case 'git':
        return t('git');
      case 'edit by extension':
        return t('extension');
      case 'rename':
        return t('rename');
      case 'restore':
        return t('restore');
      case 'baseline':
        return t('first seen');
      case 'offline':
        return t('while closed');
      case 'external':
        return t('external');
      default:
        return assertNever(cause);
    }
  }

  private save(how: CauseDetail['save']): string {
    const { t } = this;
    if (how === 'beforeRestore') return t('unsaved text');
    return how === 'auto' || how === 'focusOut' ? t('auto save') : t('save');
  }

  /** The cause in words and how sure it is, as a sentence. */
  causeSentence(version: Pick<Describable, 'cause' | 'causeDetail' | 'sure'>): string {
    const words = this.causeWords(version);
    return version.sure === 'certain' ? this.t('Cause: {0}', words) : this.t('Cause, most likely: {0}', words);
  }

  /** What stands beside the time in a list: `+3 −1 · save`. */
  summary(version: Describable): string {
    return [this.label(version), this.what(version), this.counts(version), this.cause(version)]
      .filter(Boolean)
      .join(' · ');
  }

  /** What stands beside the number of files of one event: `14:02 · deleted · −40 · terminal`. */
  moment(versions: readonly Describable[]): string {
    const [first] = versions;
    if (!first) return '';
    const isSame = versions.every(({ kind }) => kind === first.kind) && first.cause !== 'baseline';
    const what = isSame ? this.kind(first.kind) : '';
    return [this.time.short(first.time), what, this.counts(...versions), this.cause(first)].filter(Boolean).join(' · ');
  }

  /** The same for a screen reader, which reads `+3 −1` poorly. */
  spoken(version: Describable): string {
    const { t } = this;
    const { added, removed } = hasCounts(version) ? version : {};
    const parts = [
      this.time.full(version.time),
      this.what(version),
      this.lines(added, { one: t('1 line added'), many: (count) => t('{0} lines added', count) }),
      this.lines(removed, { one: t('1 line removed'), many: (count) => t('{0} lines removed', count) }),
      this.causeSentence(version),
      this.label(version),
    ];
    return parts.filter(Boolean).join(', ');
  }

  /** Why there is no content to show. */
  unstored(reason: Unstored): string {
    switch (reason) {
      case 'too large':
        return this.t('not stored: too large');
      case 'unreadable':
        return this.t('not stored: could not be read');
      case 'forgotten':
        return this.t('forgotten: its content was removed from the history');
      default:
        return assertNever(reason);
    }
  }

  /** The lines of a tooltip, plain text. */
  details(version: Describable): string[] {
    const { t } = this;
    const size = version.kind === 'deleted' ? '' : this.time.size(version.size);
    const hash = version.sha256 ? t('SHA-256 {0}…', version.sha256.slice(0, 12)) : '';
    return [
      [this.what(version), this.counts(version), size].filter(Boolean).join(' · '),
      this.causeSentence(version),
      this.label(version) && t('Label: {0}', this.label(version)),
      version.pinned ? t('Pinned: kept for good') : '',
      hash,
    ].filter(Boolean);
  }

  /** What happened, where it was not a plain change. */
  what(version: Describable): string {
    const { t } = this;
    if (version.unstored) return this.unstored(version.unstored);
    if (version.eolOnly) return t('line endings');
    switch (version.kind) {
      case 'created':
        return version.cause === 'baseline' ? '' : this.kind('created');
      case 'renamed':
        return t('renamed from {0}', oneLine(fileName(version.renamedFrom ?? '')));
      case 'modified':
        return version.binary ? t('binary') : '';
      case 'deleted':
        return this.kind('deleted');
      default:
        return assertNever(version.kind);
    }
  }

  /** A change needs no word. */
  private kind(kind: ChangeKind): string {
    switch (kind) {
      case 'created':
        return this.t('created');
      case 'deleted':
        return this.t('deleted');
      case 'renamed':
        return this.t('renamed');
      case 'modified':
        return '';
      default:
        return assertNever(kind);
    }
  }

  private lines(count = 0, words: { readonly one: string; readonly many: (count: string) => string }): string {
    if (count === 0) return '';
    return count === 1 ? words.one : words.many(this.time.count(count));
  }

  private label(version: Describable): string {
    return version.label === undefined ? '' : oneLine(version.label);
  }

  private saveWords(how: CauseDetail['save']): string {
    const { t } = this;
    if (how === 'beforeRestore') return t('unsaved text that a restore replaced');
    return how === 'auto' || how === 'focusOut' ? t('saved automatically by the editor') : t('saved in the editor');
  }

  private causeWords({ cause, causeDetail }: Pick<Describable, 'cause' | 'causeDetail'>): string {
    const { t } = this;
    switch (cause) {
      case 'save':
        return this.saveWords(causeDetail?.save);
      case 'terminal':
        return t('a command in the terminal');
      case 'task':
        return t('a task');
      case 'debug':
        return t('a debug session');
      case 'git':
        return t('git');
      case 'edit by extension':
        return t('an extension');
      case 'rename':
        return t('renamed in the editor');
      case 'restore':
        return t('restored from its history');
      case 'baseline':
        return t('the first time Obby saw this file');
      case 'offline':
        return causeDetail?.since === undefined
          ? t('changed while Obby was not running')
          : t('changed while Obby was not running, after {0}', this.time.short(causeDetail.since));
      case 'external':
        return t('another program');
      default:
        return assertNever(cause);
    }
  }
}

/** Whether its lines are worth counting: at first sight all are new, and other line endings change none. */
function hasCounts({ eolOnly, cause }: Describable): boolean {
  return !eolOnly && cause !== 'baseline';
}

/** The codicon of a version, and the theme colour that marks it where it needs one. */
export function versionIcon(version: Pick<Describable, 'kind' | 'cause' | 'unstored'>): {
  readonly icon: string;
  readonly color?: string;
} {
  if (version.unstored) return { icon: 'warning', color: 'list.warningForeground' };
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
      return { icon: causeIcons[version.cause] };
    default:
      return assertNever(version.kind);
  }
}
