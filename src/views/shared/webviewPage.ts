import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { webviewHtml } from './webviewHtml';

/** A page that is built into the extension. */
export interface BuiltPage {
  /** In dist/webview. */
  readonly script: string;
  /** In media; applied after the common style. */
  readonly style: string;
}

/** Sets the page of a webview, which can load only from the extension's folders. */
export function fillWebview(webview: vscode.Webview, extensionUri: vscode.Uri, { script, style }: BuiltPage): void {
  webview.options = { enableScripts: true, localResourceRoots: resourceRoots(extensionUri) };
  const uri = (...path: string[]): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  webview.html = webviewHtml({
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
    script: uri('dist', 'webview', script),
    styles: [uri('dist', 'webview', 'codicon.css'), uri('media', 'webview.css'), uri('media', style)],
    language: vscode.env.language,
    ...(vscode.l10n.bundle && { words: JSON.stringify(vscode.l10n.bundle) }),
  });
}

/** The folders that a page may load from. */
export function resourceRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist', 'webview'), vscode.Uri.joinPath(extensionUri, 'media')];
}
