import type { Uri } from 'vscode';
import type { Version } from '../../api/api';
import { versionScheme } from '../../ids';
import { isPublicVersionId, type VersionId } from '../../model/version';

/** Schemes whose documents show a file's past: their path is the file's own. */
const schemesOfFiles: ReadonlySet<string> = new Set(['file', versionScheme, 'git']);

/** The read-only document of a version: the file's own path, so that its language and icon are found. */
export function versionUri(version: Version): Uri {
  return version.uri.with({ scheme: versionScheme, query: version.id });
}

/**
 * For a row's icon alone, which depends on the name: a URI that is no document, so that what is known of the file (git's
 * colours, problems, a lock) does not appear beside its past.
 */
export function iconUri(version: Version): Uri {
  return version.uri.with({ scheme: `${versionScheme}-icon` });
}

/** The version that a document shows. */
export function versionIdOf(uri: Uri): VersionId | undefined {
  return uri.scheme === versionScheme && isPublicVersionId(uri.query) ? uri.query : undefined;
}

/** The file on disk that a document is, or shows a past state of. */
export function fileOfDocument(uri: Uri): Uri | undefined {
  if (uri.scheme === 'file') return uri;
  return schemesOfFiles.has(uri.scheme) ? uri.with({ scheme: 'file', query: '', fragment: '' }) : undefined;
}
