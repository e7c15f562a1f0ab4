import * as vscode from 'vscode';
import type { ObbyApi } from '../../api/api';
import { versionScheme } from '../../ids';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable';
import { messageOf, ObbyError } from '../../base/errors';
import type { VersionId } from '../../model/version';
import { versionIdOf } from './versionUri';

/**
 * Serves versions as read-only files, so that VS Code opens and compares them as it does any: by bytes, hence in their
 * own encoding, and images as images. A version that cannot be had is an error in its editor, never an empty document.
 */
export class VersionDocuments implements vscode.FileSystemProvider, Disposable {
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());

  /** Never fires: a version does not change. */
  readonly onDidChangeFile = this.changed.event;

  constructor(private readonly api: Pick<ObbyApi, 'history'>) {
    const options = { isReadonly: true, isCaseSensitive: true };
    this.disposables.add(vscode.workspace.registerFileSystemProvider(versionScheme, this, options));
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const version = await this.ask(uri, (id) => this.api.history.version(id));
    return {
      type: vscode.FileType.File,
      ctime: version.time,
      mtime: version.time,
      size: version.size,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.ask(uri, (id) => this.api.history.content(id));
  }

  watch(): Disposable {
    return toDisposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async ask<T>(uri: vscode.Uri, get: (id: VersionId) => Promise<T>): Promise<T> {
    const id = versionIdOf(uri);
    if (id === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    try {
      return await get(id);
    } catch (error) {
      if (error instanceof ObbyError && error.code === 'notFound')
        throw vscode.FileSystemError.FileNotFound(error.message);
      throw vscode.FileSystemError.Unavailable(messageOf(error));
    }
  }
}
