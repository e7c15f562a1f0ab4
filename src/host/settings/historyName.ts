import { createHash } from 'node:crypto';

/**
 * The name of the folder that holds a workspace folder's history. A history belongs to a folder, whichever window opens
 * it: the hash of its URI tells folders apart, the name is for people and must be the folder's own, not what a
 * workspace calls it.
 */
export function historyName(name: string, uri: string): string {
  const hash = createHash('sha256').update(uri).digest('hex').slice(0, 16);
  return `${name.replace(/[^\w.-]+/g, '_').slice(0, 40)}-${hash}`;
}
