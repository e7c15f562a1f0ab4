/** The UTF-8 bytes of a text, one char each: what git compares, so that `?` stands for one byte of a name. */
export function toBytes(text: string): string {
  return /[\u0080-\uffff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The text of what {@link toBytes} made. */
export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
