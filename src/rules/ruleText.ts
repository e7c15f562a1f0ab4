/** What stands for bytes that are no text. */
export const replacement = '\uFFFD';

/**
 * The text of a rule file: UTF-16 with a byte order mark (what `>` of Windows PowerShell writes), else UTF-8. Bytes that
 * are no text become {@link replacement}, which marks the lines that they are in.
 */
export function ruleText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return utf16Text(bytes);
  if (first === 0xfe && second === 0xff) return utf16Text(swapped(bytes));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Half a unit at the end stays as it is. */
function swapped(bytes: Uint8Array): Uint8Array {
  const units = Buffer.from(bytes);
  units.subarray(0, units.length - (units.length % 2)).swap16();
  return units;
}

function utf16Text(littleEndian: Uint8Array): string {
  const lines = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(littleEndian).split('\n');
  return lines.map((line) => (isAsciiInUtf16(line) ? replacement + line : line)).join('\n');
}

/** Whether a line looks like ASCII that another program appended to a file in UTF-16: two characters in each unit. */
function isAsciiInUtf16(line: string): boolean {
  return /^[\t\n\r -~]+$/.test(Buffer.from(line, 'utf16le').toString('latin1'));
}
