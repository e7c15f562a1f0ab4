import * as l10n from '@vscode/l10n';
import { assertNever } from '../../base/errors';
import type { Cause, CauseDetail, VersionRecord } from '../../model/version';
import { oneLine } from './displayText';
import type { TimeText } from './timeText';

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
  constructor(private readonly time: TimeText) {}

  /** A few words: `save`, `likely npm run format`. */
  short(written: Written): string {
    const words = this.title(written) ?? this.word(written);
    return isGuess(written) ? l10n.t('likely {0}', words) : words;
  }

  /** The title of a change set: the command, the task, the git operation. */
  title({ cause, causeDetail = {} }: Pick<Written, 'cause' | 'causeDetail'>): string | undefined {
    const name = inRow(causeDetail.name);
    switch (cause) {
      case 'terminal':
        return inRow(causeDetail.command);
      case 'task':
        return name === undefined ? undefined : l10n.t('task {0}', name);
      case 'debug':
        return name === undefined ? undefined : l10n.t('debug {0}', name);
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
    return isGuess(written) ? l10n.t('Probably by {0}', author) : l10n.t('By {0}', author);
  }

  /** `git checkout main → topic`. */
  private git({ operation = 'checkout', from, to }: CauseDetail): string {
    const places = [from, to].flatMap((place) => inRow(place) ?? []).join(' → ');
    return ['git', operation, places].filter(Boolean).join(' ');
  }

  /** One or two words. */
  private word({ cause, causeDetail }: Pick<Written, 'cause' | 'causeDetail'>): string {
    switch (cause) {
      case 'save':
        return this.save(causeDetail);
      case 'terminal':
        return l10n.t('terminal');
      case 'task':
        return l10n.t('task');
      case 'debug':
        return l10n.t('debug');
      case 'git':
        return l10n.t('git');
      case 'edit by extension':
        return l10n.t('extension');
      case 'rename':
        return l10n.t('rename');
      case 'restore':
        return l10n.t('restore');
      case 'baseline':
        return l10n.t('initial version');
      case 'offline':
        return l10n.t('changed while closed');
      case 'external':
        return l10n.t('external');
      default:
        return assertNever(cause);
    }
  }

  private save({ save, formatted }: CauseDetail = {}): string {
    if (save === 'beforeRestore') return l10n.t('unsaved text');
    const word = save === 'auto' || save === 'focusOut' ? l10n.t('auto save') : l10n.t('save');
    return formatted ? l10n.t('{0}, formatted', word) : word;
  }

  /** Who wrote, after "by"; undefined where the cause is what happened, not who did it. */
  private author({ cause, causeDetail = {} }: Pick<Written, 'cause' | 'causeDetail'>): string | undefined {
    const { command, cwd, name, operation, since } = causeDetail;
    switch (cause) {
      case 'terminal':
        if (command === undefined) return l10n.t('a command in the terminal');
        return cwd === undefined
          ? l10n.t('`{0}` in the terminal', oneLine(command))
          : l10n.t('`{0}` in the terminal ({1})', oneLine(command), oneLine(cwd));
      case 'task':
        return name === undefined ? l10n.t('a task') : l10n.t('task {0}', oneLine(name));
      case 'debug':
        return name === undefined ? l10n.t('a debug session') : l10n.t('debug session {0}', oneLine(name));
      case 'git': {
        const git = operation === undefined ? l10n.t('git') : this.git(causeDetail);
        return command === undefined ? git : l10n.t('{0}, run as `{1}` in the terminal', git, oneLine(command));
      }
      case 'edit by extension':
        return l10n.t('an extension (no editor showed the file)');
      case 'external':
        return since === undefined
          ? l10n.t('another program')
          : l10n.t('another program, after {0}', this.time.short(since));
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
    const { since } = causeDetail;
    switch (cause) {
      case 'save':
        return this.saveEvent(causeDetail);
      case 'rename':
        return this.renameEvent(causeDetail);
      case 'restore':
        return l10n.t('Restored from the history');
      case 'baseline':
        return l10n.t('Initial version: Obby started watching this file');
      case 'offline':
      case 'terminal':
      case 'task':
      case 'debug':
      case 'git':
      case 'edit by extension':
      case 'external':
        return since === undefined
          ? l10n.t('Changed while Obby was not recording')
          : l10n.t('Changed while Obby was not recording, after {0}', this.time.short(since));
    }
  }

  private saveEvent({ save, formatted }: CauseDetail): string {
    if (save === 'beforeRestore') return l10n.t('Unsaved text replaced by a restore');
    const isAutomatic = save === 'auto' || save === 'focusOut';
    if (formatted) return isAutomatic ? l10n.t('Saved automatically and formatted') : l10n.t('Saved and formatted');
    return isAutomatic ? l10n.t('Saved automatically') : l10n.t('Saved in the editor');
  }

  private renameEvent({ movedFrom, movedTo }: CauseDetail): string {
    if (movedFrom !== undefined) return l10n.t('Moved in the editor from {0}', oneLine(pathOfUri(movedFrom)));
    if (movedTo !== undefined) return l10n.t('Moved in the editor to {0}', oneLine(pathOfUri(movedTo)));
    return l10n.t('Renamed in the editor');
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
