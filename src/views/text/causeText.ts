import { assertNever } from '../../base/errors';
import type { Cause, CauseDetail, VersionRecord } from '../../model/version';
import { oneLine } from './displayText';
import type { TimeText } from './timeText';

/** `vscode.l10n.t`, passed in so that this runs without VS Code. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** The cause of a version and its confidence. */
export type Written = Pick<VersionRecord, 'cause' | 'causeDetail' | 'confidence'>;

/** Codicon names. */
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

/** The longest command or name shown in a row, in characters. */
const maxInRow = 60;

/** Whether the cause is a claim that may be wrong. `external` claims nothing. */
export function isGuess({ cause, confidence }: Pick<Written, 'cause' | 'confidence'>): boolean {
  return confidence === 'likely' && cause !== 'external';
}

/** Words for causes. Commands and names come from terminals and files: they are put on one line. */
export class CauseText {
  constructor(
    private readonly t: Translate,
    private readonly time: TimeText,
  ) {}

  /** A few words: `save`, `likely npm run format`. */
  short(written: Written): string {
    const words = this.title(written) ?? this.word(written);
    return isGuess(written) ? this.t('likely {0}', words) : words;
  }

  /** The title of a change set: the command, the task, the git operation. */
  title({ cause, causeDetail = {} }: Pick<Written, 'cause' | 'causeDetail'>): string | undefined {
    const { t } = this;
    const name = inRow(causeDetail.name);
    switch (cause) {
      case 'terminal':
        return inRow(causeDetail.command);
      case 'task':
        return name === undefined ? undefined : t('task {0}', name);
      case 'debug':
        return name === undefined ? undefined : t('debug {0}', name);
      case 'git':
        return causeDetail.operation === undefined ? undefined : this.git(causeDetail);
      case 'save':
      case 'edit by extension':
      case 'rename':
      case 'restore':
      case 'baseline':
      case 'offline':
      case 'external':
        return undefined;
    }
  }

  /** The cause and its confidence, as a sentence. */
  sentence(written: Written): string {
    const author = this.author(written);
    if (author === undefined) return this.event(written);
    return isGuess(written) ? this.t('Probably by {0}', author) : this.t('By {0}', author);
  }

  /** `git checkout main → topic`. */
  private git({ operation = 'checkout', from, to }: CauseDetail): string {
    const places = [from, to].flatMap((place) => inRow(place) ?? []).join(' → ');
    return ['git', operation, places].filter(Boolean).join(' ');
  }

  /** One or two words. */
  private word({ cause, causeDetail }: Pick<Written, 'cause' | 'causeDetail'>): string {
    const { t } = this;
    switch (cause) {
      case 'save':
        return this.save(causeDetail);
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
        return t('initial version');
      case 'offline':
        return t('changed while closed');
      case 'external':
        return t('external');
      default:
        return assertNever(cause);
    }
  }

  private save({ save, formatted }: CauseDetail = {}): string {
    const { t } = this;
    if (save === 'beforeRestore') return t('unsaved text');
    const word = save === 'auto' || save === 'focusOut' ? t('auto save') : t('save');
    return formatted ? t('{0}, formatted', word) : word;
  }

  /** Who wrote, after "by"; undefined where the cause is what happened, not who did it. */
  private author({ cause, causeDetail = {} }: Pick<Written, 'cause' | 'causeDetail'>): string | undefined {
    const { t } = this;
    const { command, cwd, name, operation, since } = causeDetail;
    switch (cause) {
      case 'terminal':
        if (command === undefined) return t('a command in the terminal');
        return cwd === undefined
          ? t('`{0}` in the terminal', oneLine(command))
          : t('`{0}` in the terminal ({1})', oneLine(command), oneLine(cwd));
      case 'task':
        return name === undefined ? t('a task') : t('task {0}', oneLine(name));
      case 'debug':
        return name === undefined ? t('a debug session') : t('debug session {0}', oneLine(name));
      case 'git': {
        const git = operation === undefined ? t('git') : this.git(causeDetail);
        return command === undefined ? git : t('{0}, run as `{1}` in the terminal', git, oneLine(command));
      }
      case 'edit by extension':
        return t('an extension (no editor showed the file)');
      case 'external':
        return since === undefined ? t('another program') : t('another program, after {0}', this.time.short(since));
      case 'save':
      case 'rename':
      case 'restore':
      case 'baseline':
      case 'offline':
        return undefined;
      default:
        return assertNever(cause);
    }
  }

  /** What happened, where {@link author} has no answer. */
  private event({ cause, causeDetail = {} }: Pick<Written, 'cause' | 'causeDetail'>): string {
    const { t } = this;
    const { since } = causeDetail;
    switch (cause) {
      case 'save':
        return this.saveEvent(causeDetail);
      case 'rename':
        return this.renameEvent(causeDetail);
      case 'restore':
        return t('Restored from the history');
      case 'baseline':
        return t('Initial version: Obby started watching this file');
      case 'offline':
      case 'terminal':
      case 'task':
      case 'debug':
      case 'git':
      case 'edit by extension':
      case 'external':
        return since === undefined
          ? t('Changed while Obby was not recording')
          : t('Changed while Obby was not recording, after {0}', this.time.short(since));
    }
  }

  private saveEvent({ save, formatted }: CauseDetail): string {
    const { t } = this;
    if (save === 'beforeRestore') return t('Unsaved text replaced by a restore');
    const isAutomatic = save === 'auto' || save === 'focusOut';
    if (formatted) return isAutomatic ? t('Saved automatically and formatted') : t('Saved and formatted');
    return isAutomatic ? t('Saved automatically') : t('Saved in the editor');
  }

  private renameEvent({ movedFrom, movedTo }: CauseDetail): string {
    const { t } = this;
    if (movedFrom !== undefined) return t('Moved in the editor from {0}', oneLine(pathOfUri(movedFrom)));
    if (movedTo !== undefined) return t('Moved in the editor to {0}', oneLine(pathOfUri(movedTo)));
    return t('Renamed in the editor');
  }
}

/** The path of a file's URI as people write it. */
function pathOfUri(uri: string): string {
  try {
    return decodeURIComponent(new URL(uri).pathname);
  } catch {
    return uri;
  }
}

function inRow(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return oneLine(text.length > maxInRow ? `${text.slice(0, maxInRow - 1)}…` : text);
}
