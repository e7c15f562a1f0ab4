import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import { ObbyError } from '../base/errors';
import type { Log } from '../base/log';
import { forMessage } from '../views/text/displayText';
import type { CommandTitle } from './commandTitles';

/** A button of a message and what it does. */
export interface Offer {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** Runs commands and tells people what went wrong: every failure of a command ends here. */
export class CommandRunner {
  constructor(
    private readonly log: Log,
    private readonly showLog: () => void,
    readonly titles: ReadonlyMap<string, CommandTitle>,
  ) {}

  /** The registered command resolves also when it fails: people were told. */
  register(id: string, run: (...args: unknown[]) => Promise<void>): Disposable {
    const name = (this.titles.get(id)?.title ?? id).replace(/…$/, '');
    return vscode.commands.registerCommand(id, (...args: unknown[]) => this.run(name, () => run(...args)));
  }

  /** Tells something and offers what may come next; does not wait for the answer. */
  offer(message: string, offers: readonly Offer[]): void {
    const titles = offers.map(({ title }) => title);
    const answer = vscode.window.showInformationMessage(forMessage(message), ...titles);
    void answer.then((title) => {
      const chosen = offers.find((offer) => offer.title === title);
      return chosen && this.run(chosen.title, chosen.run);
    });
  }

  private async run(name: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.report(name, error);
    }
  }

  private report(name: string, error: unknown): void {
    if (error instanceof ObbyError) {
      this.log.warn(`${name}: ${error.message}`);
      void vscode.window.showErrorMessage(forMessage(error.message));
      return;
    }
    this.log.error(error instanceof Error ? error : String(error));
    const showLog = l10n.t('Show Log');
    const answer = vscode.window.showErrorMessage(l10n.t('{0} failed.', name), showLog);
    void answer.then((title) => title === showLog && this.showLog());
  }
}
