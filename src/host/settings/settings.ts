import * as vscode from 'vscode';
import { settings } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/events';
import { watcherEngines } from '../../model/folderSettings';
import { retentionPolicy } from './retentionPolicy';

/** A setting with its present value and an event. */
export interface Setting<T> {
  readonly value: T;
  readonly onDidChange: (listener: (value: T) => void) => Disposable;
}

/** Every setting the extension host acts on, read in this one place. */
export class Settings implements Disposable {
  private readonly disposables = new DisposableStore();

  /** Bytes. */
  readonly maxFileBytes = this.setting(settings.maxFileSizeMB, (value) =>
    Math.round((typeof value === 'number' && value > 0 ? value : 5) * 1024 * 1024),
  );

  readonly watcherEngine = this.setting(
    settings.watcherEngine,
    (value) => watcherEngines.find((engine) => engine === value) ?? 'auto',
  );
  /** Every optional part is off: what is left is VS Code's events, scans and the store. */
  readonly safeMode = this.setting(settings.safeMode, (value) => value === true);
  /** An absolute path; `''`: the extension's own storage. */
  readonly storageLocation = this.setting(settings.storageLocation, (value) =>
    typeof value === 'string' ? value : '',
  );
  readonly retention = this.combined(
    [settings.quotaMB, settings.keepAllDays, settings.keepHourlyDays],
    retentionPolicy,
  );

  readonly warnOnMassDeletion = this.combined(
    [settings.warnOnMassDeletion, settings.safeMode],
    (isOn, isSafe) => isOn !== false && isSafe !== true,
  );
  readonly showLineEndings = this.setting(settings.showLineEndingChanges, (value) => value === true);
  readonly diffEditor = this.setting(settings.diffEditor, (value) => (value === 'builtin' ? 'builtin' : 'obby'));
  readonly diffLayout = this.setting(settings.diffLayout, (value) => (value === 'unified' ? 'unified' : 'sideBySide'));

  /** Makes a layout the one that comparisons open with from now on. */
  async rememberDiffLayout(layout: Settings['diffLayout']['value']): Promise<void> {
    const target = vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration(settings.section).update(settings.diffLayout, layout, target);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private setting<T>(key: string, parse: (value: unknown) => T): Setting<T> {
    return this.combined([key], parse);
  }

  /** One value of several settings. */
  private combined<T>(keys: readonly string[], parse: (...values: unknown[]) => T): Setting<T> {
    const read = (): T => {
      const configuration = vscode.workspace.getConfiguration(settings.section);
      return parse(...keys.map((key) => configuration.get<unknown>(key)));
    };
    const changes = this.disposables.add(new Emitter<T>());
    this.disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (keys.some((key) => event.affectsConfiguration(`${settings.section}.${key}`))) changes.fire(read());
      }),
    );
    return {
      get value() {
        return read();
      },
      onDidChange: changes.event,
    };
  }
}
