import * as vscode from 'vscode';
import { detached, type Log } from '../../base/log';

/** A context key for `when` clauses, set only when it changes. */
export class ContextKey<T extends string | boolean> {
  private value: T | undefined;

  constructor(
    private readonly id: string,
    private readonly log: Pick<Log, 'error'>,
  ) {}

  set(value: T): void {
    if (value === this.value) return;
    this.value = value;
    detached(vscode.commands.executeCommand('setContext', this.id, value), this.log, `${this.id} was not set`);
  }
}
