import * as vscode from 'vscode';
import type { Uri } from 'vscode';
import type { Version, ObbyApi } from '../../api/api';
import { versionScheme } from '../../ids';
import { isPublicVersionId, type VersionId } from '../../model/version';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable';
import { messageOf, ObbyError } from '../../base/errors';

/** Schemes of documents that show a file or its past; their path is the file's path. */
const schemesOfFiles: ReadonlySet<string> = new Set(['file', versionScheme, 'git']);

/** The read-only document of a version. It has the file's path, so that VS Code finds language and icon. */
export function versionUri(version: Version): Uri {
  return version.uri.with({ scheme: versionScheme, query: version.id });
}

/**
 * For the icon of a row, which depends on the name. It is not the file's URI, so that decorations of the present file (git
 * colours, problems, a lock) do not appear on its past.
 */
export function iconUri(version: Version): Uri {
  return version.uri.with({ scheme: `${versionScheme}-icon` });
}

export function versionIdOf(uri: Uri): VersionId | undefined {
  return uri.scheme === versionScheme && isPublicVersionId(uri.query) ? uri.query : undefined;
}

/** The file on disk of a document that shows it or its past. */
export function fileOfDocument(uri: Uri): Uri | undefined {
  if (uri.scheme === 'file') return uri;
  return schemesOfFiles.has(uri.scheme) ? uri.with({ scheme: 'file', query: '', fragment: '' }) : undefined;
}

/**
 * Serves versions as read-only files of bytes, so that VS Code handles their encoding, and shows images as images. A version
 * that cannot be read is an error in its editor, never an empty document.
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
