import * as vscode from 'vscode';
import { settings } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/events';
import { watcherEngines } from '../../model/folderSettings';
import { maxFileBytes, retentionPolicy } from './storageSettings';

/** A setting with its present value and an event. */
export interface Setting<T> {
  readonly value: T;
  readonly onDidChange: (listener: (value: T) => void) => Disposable;
}

/** A setting with a value for each workspace folder. */
export interface ResourceSetting<T> {
  readonly of: (resource: vscode.Uri) => T;
  /** Fires for every folder. */
  readonly onDidChange: (listener: () => void) => Disposable;
}

/** All settings; nothing else reads the configuration of Obby. */
export class Settings implements Disposable {
  private readonly disposables = new DisposableStore();

  /** Bytes. */
  readonly maxFileBytes = this.perFolder([settings.maxFileSizeMB], maxFileBytes);

  readonly watcherEngine = this.perFolder(
    [settings.watcherEngine],
    (value) => watcherEngines.find((engine) => engine === value) ?? 'auto',
  );
  /** Turns every optional part off: only VS Code's events, scans and the store are left. */
  readonly safeMode = this.setting(settings.safeMode, (value) => value === true);
  /** An absolute path; `''`: the extension's own storage. */
  readonly storageLocation = this.setting(settings.storageLocation, (value) =>
    typeof value === 'string' ? value : '',
  );
  readonly retention = this.combined(
    [settings.quotaMB, settings.keepAllDays, settings.keepHourlyDays],
    retentionPolicy,
  );

  readonly warnOnMassDeletion = this.perFolder(
    [settings.warnOnMassDeletion, settings.safeMode],
    (isOn, isSafe) => isOn !== false && isSafe !== true,
  );
  readonly showLineEndings = this.perFolder([settings.showLineEndingChanges], (value) => value === true);
  readonly diffEditor = this.setting(settings.diffEditor, (value) => (value === 'builtin' ? 'builtin' : 'obby'));
  readonly diffLayout = this.setting(settings.diffLayout, (value) => (value === 'unified' ? 'unified' : 'sideBySide'));

  /** Saves the initial layout of comparisons. */
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

  /** One value from several settings. */
  private combined<T>(keys: readonly string[], parse: (...values: unknown[]) => T): Setting<T> {
    const read = (): T => parse(...valuesOf(keys));
    const changes = this.disposables.add(new Emitter<T>());
    this.whenChanged(keys, () => changes.fire(read()));
    return {
      get value() {
        return read();
      },
      onDidChange: changes.event,
    };
  }

  private perFolder<T>(keys: readonly string[], parse: (...values: unknown[]) => T): ResourceSetting<T> {
    const changes = this.disposables.add(new Emitter<void>());
    this.whenChanged(keys, () => changes.fire());
    return { of: (resource) => parse(...valuesOf(keys, resource)), onDidChange: changes.event };
  }

  private whenChanged(keys: readonly string[], run: () => void): void {
    this.disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (keys.some((key) => event.affectsConfiguration(`${settings.section}.${key}`))) run();
      }),
    );
  }
}

function valuesOf(keys: readonly string[], resource?: vscode.Uri): unknown[] {
  const configuration = vscode.workspace.getConfiguration(settings.section, resource);
  return keys.map((key) => configuration.get<unknown>(key));
}
