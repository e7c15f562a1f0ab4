import { mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessRun } from './processRun';
import { installRoot } from './project';

/** A new folder for settings, extensions and what they store: one that outlives the run, or one of the run. */
export async function makeProfile(run: ProcessRun, isKept = false): Promise<string> {
  if (!isKept) return emptyFolder(run.folder, 'profile');
  await mkdir(installRoot, { recursive: true });
  return mkdtemp(path.join(installRoot, 'profile-'));
}

/** Makes a folder that does not exist yet. */
export async function emptyFolder(parent: string, name: string): Promise<string> {
  const folder = path.join(parent, name);
  await mkdir(folder);
  return folder;
}
