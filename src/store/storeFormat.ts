import { messageOf } from '../model/errors';
import type { StoreProblem } from './contract';
import { readWhole, replaceFile, type FilePort } from './filePort';

/** Says of which format the folder is; raised when an older Obby must not write to it. */
const storeFormat = 1;
const formatFileName = 'store.json';

/** Reads the folder's format, or writes this one's into a new folder. */
export async function checkFormat(
  files: FilePort,
  dir: string,
  owner: string,
  onProblem: (problem: StoreProblem) => void,
): Promise<'known' | 'newer'> {
  const path = `${dir}/${formatFileName}`;
  const bytes = await readWhole(files, path);
  if (bytes !== undefined) {
    try {
      return parseFormat(bytes) > storeFormat ? 'newer' : 'known';
    } catch (error) {
      const message = `${formatFileName} is damaged (${messageOf(error)}). It was written anew.`;
      onProblem({ file: formatFileName, message });
    }
  }
  const text = `${JSON.stringify({ format: storeFormat, about: 'The history of a folder, recorded by Obby' })}\n`;
  await replaceFile(files, path, Buffer.from(text), `${path}.${owner}.tmp`);
  return 'known';
}

function parseFormat(bytes: Uint8Array): number {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format !== 'number' || !Number.isSafeInteger(format)) throw new Error('it names no format');
  return format;
}
