import { messageOf } from '../base/errors';
import type { Log } from '../base/log';
import { readWhole, replaceStoreFile, type FilePort } from '../store/disk/filePort';
import { randomName } from '../store/format/versionKey';

const fileName = 'gaps.json';

/** Keeps the gaps of a folder. */
export interface GapFile {
  /** What this or another window wrote last; undefined when there is nothing readable. */
  read(): Promise<unknown>;
  write(value: unknown): Promise<void>;
}

/** A file beside the store of a folder, replaced as a whole. */
export function gapFileIn(dir: string, files: FilePort, log: Log): GapFile {
  const path = `${dir}/${fileName}`;
  return {
    async read() {
      const bytes = await readWhole(files, path);
      if (bytes === undefined) return undefined;
      try {
        return JSON.parse(Buffer.from(bytes).toString()) as unknown;
      } catch (error) {
        log.warn(`${path} is invalid and will be replaced: ${messageOf(error)}`);
        return undefined;
      }
    },
    async write(value) {
      await replaceStoreFile(files, path, Buffer.from(JSON.stringify(value)), `${path}.${randomName(10)}.tmp`);
    },
  };
}
