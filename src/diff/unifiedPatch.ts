import type { Hunk } from '../model/diff';

/** What a patch calls the side that does not exist. */
const nowhere = '/dev/null';

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/**
 * A patch for `patch -p1` and `git apply`, empty without hunks. Paths are relative, with `/`; undefined for a side that
 * does not exist.
 */
export function formatPatch(oldPath: string | undefined, newPath: string | undefined, hunks: readonly Hunk[]): string {
  if (hunks.length === 0) return '';
  const files = `--- ${fileName('a/', oldPath)}\n+++ ${fileName('b/', newPath)}\n`;
  return files + hunks.map((hunk) => formatHunk(hunk)).join('');
}

function formatHunk({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string {
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.join('\n')}\n`;
}

function range(start: number, count: number): string {
  return count === 1 ? `${start}` : `${start},${count}`;
}

/** Quoted where git quotes; a name with a space ends with a tab, so that what reads it knows where it ends. */
function fileName(prefix: string, path: string | undefined): string {
  if (path === undefined) return nowhere;
  return quote(prefix + path) + (path.includes(' ') ? '\t' : '');
}

/** As a C string if a byte of it is a control character, a quote, a backslash, or not ASCII: nothing hides in a name. */
function quote(path: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (!/[\x00-\x1f"\\\x7f-\uffff]/.test(path)) return path;
  const quoted = Array.from(Buffer.from(path, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    if (escapes[character] !== undefined) return escapes[character];
    return byte < 0x20 || byte >= 0x7f ? `\\${byte.toString(8).padStart(3, '0')}` : character;
  });
  return `"${quoted.join('')}"`;
}
