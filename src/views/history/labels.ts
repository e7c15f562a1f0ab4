import * as vscode from 'vscode';
import type { Label, ObbyApi } from '../../api/api';
import { contextKeys } from '../../ids';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import { Emitter } from '../../base/events';
import type { Log } from '../../base/log';
import { ContextKey } from '../shared/contextKey';
import { ThrottledDelayer } from '../../base/throttledDelayer';

/** The labels of all workspace folders, kept up to date for every list that shows them. */
export class Labels implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<readonly Label[]>());
  private readonly hasLabels: ContextKey<boolean>;
  private labels: readonly Label[] = [];

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly api: Pick<ObbyApi, 'history' | 'subscribe'>,
    log: Log,
    clock: Pick<Clock, 'after'>,
  ) {
    this.hasLabels = new ContextKey(contextKeys.hasLabels, log);
    const onError = (error: unknown): void => log.error(`The labels could not be read: ${messageOf(error)}`);
    const refresher = this.disposables.add(new ThrottledDelayer(() => this.load(), onError, clock));
    this.disposables.add(
      api.subscribe(['maintenance'], (event) => {
        if (event.what === 'label' || event.what === 'import') refresher.request();
      }),
    );
    this.disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(() => refresher.request()));
    refresher.request();
  }

  /** Newest first. */
  get value(): readonly Label[] {
    return this.labels;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async load(): Promise<void> {
    this.labels = await this.api.history.labels();
    this.hasLabels.set(this.labels.length > 0);
    this.changed.fire(this.labels);
  }
}
