/** What a window of the web workbench shows and runs. */
export interface WindowContent {
  /** The server's host and port. */
  readonly authority: string;
  /** The server's connection token. */
  readonly token: string;
  /** A folder or a `.code-workspace` file; without one the window is empty. */
  readonly workspace?: string | undefined;
  readonly extensionPath?: string | undefined;
  readonly suite?: string | undefined;
}

/** The address at which a browser opens that window. */
export function windowAddress(content: WindowContent): string {
  const address = new URL(`http://${content.authority}/`);
  address.searchParams.set('tkn', content.token);
  if (content.workspace === undefined) address.searchParams.set('ew', 'true');
  else
    address.searchParams.set(content.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', content.workspace);
  const payload = [['skipWelcome', 'true']];
  const addFile = (key: string, file: string | undefined): void => {
    if (file !== undefined) payload.push([key, remoteUri(content.authority, file)]);
  };
  addFile('extensionDevelopmentPath', content.extensionPath);
  addFile('extensionTestsPath', content.suite);
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}

function remoteUri(authority: string, file: string): string {
  return `vscode-remote://${authority}${file.split('/').map(encodeURIComponent).join('/')}`;
}
