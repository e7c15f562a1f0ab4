import type { StorageFacts } from '../../model/historyMaintenance';
import { catalogFileName } from '../catalog/catalogFile';
import type { MaintenanceDeps } from './maintenanceDeps';
import type { MaintenanceNotes } from './maintenanceNotes';

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
