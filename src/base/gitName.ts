/** Characters that some file systems leave out of names (HFS+), so that git leaves them out of its comparison too. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * Whether some file system takes a name for `.git`: in other case, as Windows' short name, with dots, spaces or a stream
 * at its end, or with characters that are left out.
 */
export function isGitName(name: string): boolean {
  const plain = name
    .replace(ignorable, '')
    .toLowerCase()
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '');
  return plain === '.git' || plain === 'git~1';
}
