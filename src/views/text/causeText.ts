import { assertNever } from '../../base/errors';
import type { Cause, CauseDetail, VersionRecord } from '../../model/version';
import { oneLine } from './displayText';
import type { TimeText } from './timeText';

/** `vscode.l10n.t`, passed in so that this runs without VS Code. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** What wrote a version, and how sure that is. */
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

/** Longest command or name that stands in a row, beside other things. */
const maxInRow = 60;

/** Whether something is claimed that may be otherwise; that nobody knows who wrote is certain enough. */
export function isGuess({ cause, confidence }: Pick<Written, 'cause' | 'confidence'>): boolean {
  return confidence === 'likely' && cause !== 'external';
}

/** Says what wrote a version. Commands and names come from terminals and files: they are put on one line. */
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

  /** What an event of many files is called: the command, the task, what git did. */
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

  /** The cause and how sure it is, as a sentence. */
  sentence(written: Written): string {
    const words = this.words(written);
    return isGuess(written) ? this.t('Cause, most likely: {0}', words) : this.t('Cause: {0}', words);
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
        return t('first seen');
      case 'offline':
        return t('while not recording');
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

  private saveWords({ save, formatted }: CauseDetail = {}): string {
    const { t } = this;
    if (save === 'beforeRestore') return t('unsaved text that a restore replaced');
    const words =
      save === 'auto' || save === 'focusOut' ? t('saved automatically by the editor') : t('saved in the editor');
    return formatted ? t('{0}, formatted on the way', words) : words;
  }

  private renameWords({ movedFrom, movedTo }: CauseDetail): string {
    const { t } = this;
    if (movedFrom !== undefined) return t('moved in the editor from {0}', oneLine(pathOfUri(movedFrom)));
    if (movedTo !== undefined) return t('moved in the editor to {0}', oneLine(pathOfUri(movedTo)));
    return t('renamed in the editor');
  }

  private words({ cause, causeDetail = {} }: Pick<Written, 'cause' | 'causeDetail'>): string {
    const { t } = this;
    const { command, cwd, name, operation, since } = causeDetail;
    switch (cause) {
      case 'save':
        return this.saveWords(causeDetail);
      case 'terminal':
        if (command === undefined) return t('a command in the terminal');
        return cwd === undefined
          ? t('the command {0} in the terminal', oneLine(command))
          : t('the command {0} in the terminal, run in {1}', oneLine(command), oneLine(cwd));
      case 'task':
        return name === undefined ? t('a task') : t('the task {0}', oneLine(name));
      case 'debug':
        return name === undefined ? t('a debug session') : t('the debug session {0}', oneLine(name));
      case 'git': {
        const git = operation === undefined ? t('git') : this.git(causeDetail);
        return command === undefined ? git : t('{0}, by the command {1} in the terminal', git, oneLine(command));
      }
      case 'edit by extension':
        return t('an extension, since no editor showed the file while it was edited');
      case 'rename':
        return this.renameWords(causeDetail);
      case 'restore':
        return t('restored from its history');
      case 'baseline':
        return t('the first time Obby saw this file');
      case 'offline':
        return since === undefined
          ? t('changed while Obby was not recording')
          : t('changed while Obby was not recording, after {0}', this.time.short(since));
      case 'external':
        return since === undefined ? t('another program') : t('another program, after {0}', this.time.short(since));
      default:
        return assertNever(cause);
    }
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
