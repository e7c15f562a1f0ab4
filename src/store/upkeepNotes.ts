import type { Dropping } from '../model/upkeep';
import { crc32 } from './crc32';
import { readWhole, replaceFile, type FilePort } from './filePort';
import type { Ownership } from './ownership';

const notesFileName = 'upkeep.json';
const maxDroppings = 20;

/** What upkeep remembers between runs; losing it costs nothing but the memory. */
export interface UpkeepNotes {
  readonly lastCheck?: { readonly time: number; readonly damagedCount: number };
  /** Newest first. */
  readonly droppings: readonly Dropping[];
}

const none: UpkeepNotes = { droppings: [] };

export interface UpkeepNotebookParts {
  readonly dir: string;
  readonly files: FilePort;
  readonly ownership: Ownership;
}

/** The notes of a store, on its disk. */
export class UpkeepNotebook {
  constructor(private readonly parts: UpkeepNotebookParts) {}

  read(): Promise<UpkeepNotes> {
    return readNotes(this.parts.files, this.parts.dir);
  }

  /** Adds to what is noted. */
  async note(change: Pick<UpkeepNotes, 'lastCheck'>, dropping?: Dropping): Promise<void> {
    const { files, dir, ownership } = this.parts;
    const notes = await this.read();
    const droppings = dropping === undefined ? notes.droppings : [dropping, ...notes.droppings];
    await writeNotes(files, dir, ownership.name, { ...notes, ...change, droppings });
  }
}

async function readNotes(files: FilePort, dir: string): Promise<UpkeepNotes> {
  const bytes = await readWhole(files, `${dir}/${notesFileName}`).catch(() => undefined);
  return bytes === undefined ? none : (parse(Buffer.from(bytes).toString('utf8')) ?? none);
}

async function writeNotes(files: FilePort, dir: string, owner: string, notes: UpkeepNotes): Promise<void> {
  const path = `${dir}/${notesFileName}`;
  const kept = { ...notes, droppings: notes.droppings.slice(0, maxDroppings) };
  await replaceFile(files, path, Buffer.from(textOf(kept)), `${path}.${owner}.tmp`);
}

/** The checksum keeps a wrong bit from being taken for a fact. */
function textOf(notes: UpkeepNotes): string {
  const json = JSON.stringify(notes);
  return `${crc32(Buffer.from(json))} ${json}\n`;
}

function parse(text: string): UpkeepNotes | undefined {
  try {
    const notes = JSON.parse(text.slice(text.indexOf(' '))) as UpkeepNotes;
    return textOf(notes) === text && Array.isArray(notes.droppings) ? notes : undefined;
  } catch {
    return undefined;
  }
}
