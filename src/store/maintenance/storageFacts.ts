import type { Dropping, StorageFacts } from '../../model/historyMaintenance';
import { crc32 } from '../../base/crc32';
import { readWhole, replaceStoreFile, type FilePort } from '../disk/filePort';
import type { Ownership } from '../sync/ownership';
import { catalogFileName } from '../catalog/catalogFile';
import type { MaintenanceDeps } from './rewrite';

const notesFileName = 'upkeep.json';
const maxDroppings = 20;

/** What maintenance did last, for the Storage page, the daily check and the age of versions. */
export interface MaintenanceNotes {
  readonly lastCheck?: { readonly time: number; readonly damagedCount: number };
  /** When a window that searched old versions did so for the first time; ms since the epoch. */
  readonly opened?: number;
  /** Newest first. */
  readonly droppings: readonly Dropping[];
}

const none: MaintenanceNotes = { droppings: [] };

export interface MaintenanceNotebookDeps {
  readonly dir: string;
  readonly files: FilePort;
  readonly ownership: Ownership;
}

/** Stores the notes in the folder of the history. */
export class MaintenanceNotebook {
  constructor(private readonly deps: MaintenanceNotebookDeps) {}

  read(): Promise<MaintenanceNotes> {
    return readNotes(this.deps.files, this.deps.dir);
  }

  async note(change: Pick<MaintenanceNotes, 'lastCheck' | 'opened'>, dropping?: Dropping): Promise<void> {
    const { files, dir, ownership } = this.deps;
    const notes = await this.read();
    const droppings = dropping === undefined ? notes.droppings : [dropping, ...notes.droppings];
    await writeNotes(files, dir, ownership.name, { ...notes, ...change, droppings });
  }
}

async function readNotes(files: FilePort, dir: string): Promise<MaintenanceNotes> {
  const bytes = await readWhole(files, `${dir}/${notesFileName}`).catch(() => undefined);
  return bytes === undefined ? none : (parse(Buffer.from(bytes).toString('utf8')) ?? none);
}

async function writeNotes(files: FilePort, dir: string, owner: string, notes: MaintenanceNotes): Promise<void> {
  const path = `${dir}/${notesFileName}`;
  const kept = { ...notes, droppings: notes.droppings.slice(0, maxDroppings) };
  await replaceStoreFile(files, path, Buffer.from(textOf(kept)), `${path}.${owner}.tmp`);
}

/** The checksum detects a wrong bit. */
function textOf(notes: MaintenanceNotes): string {
  const json = JSON.stringify(notes);
  return `${crc32(Buffer.from(json))} ${json}\n`;
}

function parse(text: string): MaintenanceNotes | undefined {
  try {
    const notes = JSON.parse(text.slice(text.indexOf(' '))) as MaintenanceNotes;
    return textOf(notes) === text && Array.isArray(notes.droppings) ? notes : undefined;
  } catch {
    return undefined;
  }
}

const maxFolders = 50;

/** The facts of the Storage page. */
export async function storageFacts(
  parts: MaintenanceDeps,
  notes: MaintenanceNotes,
  quotaBytes: number,
): Promise<StorageFacts> {
  const bytes = await bytesByKind(parts);
  const { lastCheck, droppings } = notes;
  return {
    bytes,
    totalBytes: bytes.journals + bytes.segments + bytes.catalog + bytes.other,
    quotaBytes,
    ...(await parts.walk.totals()),
    files: parts.queries.counts().files,
    ...(lastCheck === undefined ? {} : { lastCheck }),
    droppings,
    folders: (await parts.walk.folders()).slice(0, maxFolders),
  };
}

async function bytesByKind({ files, dir }: MaintenanceDeps): Promise<StorageFacts['bytes']> {
  const bytes = { journals: 0, segments: 0, catalog: 0, other: 0 };
  for (const name of await files.list(dir)) {
    const size = (await files.stat(`${dir}/${name}`))?.size ?? 0;
    if (name.endsWith('.journal')) bytes.journals += size;
    else if (name.endsWith('.segment')) bytes.segments += size;
    else if (name === catalogFileName) bytes.catalog += size;
    else bytes.other += size;
  }
  return bytes;
}
