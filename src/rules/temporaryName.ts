/** `new`: will get the name of a file. `old`: was replaced, and exists until its content is recorded. */
export type TemporaryKind = 'new' | 'old';

const pattern = /^\.obby-(\d+)-[0-9a-f-]{36}\.(new|old)$/;

/** A name for a file that exists only while another is replaced; never watched, never recorded. */
export function temporaryName(kind: TemporaryKind, pid: number, uuid: string): string {
  return `.obby-${pid}-${uuid}.${kind}`;
}

/** Which process gave a file such a name; undefined for other names. */
export function parseTemporaryName(name: string): { readonly pid: number; readonly kind: TemporaryKind } | undefined {
  const [, pid, kind] = pattern.exec(name) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), kind: kind === 'new' ? 'new' : 'old' };
}
