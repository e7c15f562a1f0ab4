/** Characters that VS Code leaves as they are in the path of a URI. */
const plain = /[^A-Za-z0-9\-._~/]/gu;

/** The URI of a folder as VS Code writes it, which names the folder's history. `path`: absolute, by the rules of `platform`. */
export function folderUri(path: string, platform: NodeJS.Platform): string {
  const slashed = platform === 'win32' ? path.replaceAll('\\', '/') : path;
  const [, server, rest] = platform === 'win32' ? (/^\/\/([^/]+)(.*)$/.exec(slashed) ?? []) : [];
  if (server !== undefined) return `file://${encoded(server.toLowerCase())}${encoded(rest ?? '/')}`;
  const drive = slashed.replace(/^([A-Z]):/, (letter) => letter.toLowerCase());
  const absolute = drive.startsWith('/') ? drive : `/${drive}`;
  return `file://${encoded(absolute)}`;
}

function encoded(text: string): string {
  return text.replace(plain, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
