import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import { ObbyError } from '../base/errors';
import { detached, type Log } from '../base/log';
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
    const chosen = answer.then((title) => {
      const offer = offers.find((each) => each.title === title);
      return offer && this.run(offer.title, offer.run);
    });
    detached(chosen, this.log, message);
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
      detached(vscode.window.showErrorMessage(forMessage(error.message)), this.log, name);
      return;
    }
    this.log.error(error instanceof Error ? error : String(error));
    const showLog = l10n.t('Show Log');
    const answer = vscode.window.showErrorMessage(l10n.t('{0} failed.', name), showLog);
    detached(
      answer.then((title) => title === showLog && this.showLog()),
      this.log,
      name,
    );
  }
}
