import { messageOf, ObbyError } from '../../base/errors';
import { sha256Of } from '../../base/sha256';
import { TimeSlicer } from '../../base/timeSlicer';
import type { FolderUndoRequest, UndoneFile, UndoPlanRecord, UndoPreview, UnsavedFile } from '../../model/undo';
import type { VersionRecord } from '../../model/version';
import { notEncodable, unsavedBytes } from '../../track/savedTextEncoding';
import { asFile, fileOnDisk, type OpenHistory } from '../openHistory';
import { changedFiles, type ChangedFile } from './changedFiles';
import { withoutLinks } from './links';
import { placed } from './placement';
import { isStepOf, stepOfPlanned, type PlannedFile, type PresentFile, type StepFacts } from './plannedFile';
import { StepFactsReader } from './stepFacts';
import { takeBack, type KnownContent } from './takeBack';

/** What taking back change sets would do. Changes nothing; rejects `notFound` for an unknown change set. */
export async function planUndo(history: OpenHistory, request: FolderUndoRequest): Promise<UndoPlanRecord> {
  const facts = new StepFactsReader(history);
  try {
    const planned = await plannedFiles(history, request, (file) => facts.of(file));
    return { steps: planned.map(stepOfPlanned).sort((a, b) => (a.path < b.path ? -1 : 1)) };
  } finally {
    facts.close();
  }
}

/** The content of one file of a request before and after the undo. */
export async function previewUndo(history: OpenHistory, request: FolderUndoRequest): Promise<UndoPreview> {
  const [planned] = await plannedFiles(history, request);
  if (!planned) throw new ObbyError('notFound', 'None of these changes is in this file.');
  const { present, next } = planned;
  return { before: await present.content?.read(), after: await next.content?.read() };
}

/** What taking back change sets makes of each file that they changed, or of the files of the request. */
export async function plannedFiles(
  history: OpenHistory,
  request: FolderUndoRequest,
  factsOf: (planned: PlannedFile) => Promise<StepFacts> = () => Promise.resolve({}),
): Promise<PlannedFile[]> {
  const slicer = new TimeSlicer();
  const planned: PlannedFile[] = [];
  for (const file of await changedFiles(history.store, request.changeSets)) {
    const meant = request.files ? request.files.find((each) => isAt(file, each.path) && isStepOf(each, file)) : {};
    if (meant) {
      const each = await plannedFile(history, file, { ...request, ...answerOf(meant) });
      planned.push(light(history, { ...each, facts: await factsOf(each) }));
    }
    await slicer.pause();
  }
  return placed(history, await withoutLinks(history, planned));
}

function answerOf({ onConflict }: Partial<UndoneFile>): Pick<FolderUndoRequest, 'onConflict'> {
  return onConflict === undefined ? {} : { onConflict };
}

/** Whether a file is, or was when it was changed, at a path. */
function isAt({ newest, runs }: ChangedFile, path: string): boolean {
  const versions = [newest, ...runs.flatMap((run) => [...run.versions, ...(run.before ? [run.before] : [])])];
  return versions.some((version) => version.path === path);
}

async function plannedFile(
  history: OpenHistory,
  file: ChangedFile,
  { onConflict = 'refuse', unsaved = [] }: FolderUndoRequest,
): Promise<PlannedFile> {
  const { store } = history;
  const contentOf = ({ id, sha256 = '' }: VersionRecord): KnownContent => ({
    sha256,
    version: id,
    read: () => store.content(id),
  });
  const common = { file, onConflict, facts: {} };
  try {
    const present = await presentOf(history, file, unsaved);
    const { state, ...taken } = await takeBack(present, file.runs, { onConflict, contentOf, merged: contentOfBytes });
    return { ...common, ...taken, present, next: state };
  } catch (error) {
    const present = nothingAt(file.newest.path);
    const refused = { conflict: 'unreadable', detail: messageOf(error), isAnswered: false } as const;
    return { ...common, ...refused, present, next: present, isMerged: false, overlaps: 0 };
  }
}

function contentOfBytes(bytes: Uint8Array): KnownContent {
  return { sha256: sha256Of(bytes), read: () => Promise.resolve(bytes) };
}

function nothingAt(path: string): PresentFile {
  return { path, content: undefined, onDisk: undefined, unsaved: false };
}

async function presentOf(
  history: OpenHistory,
  { newest }: ChangedFile,
  unsaved: readonly UnsavedFile[],
): Promise<PresentFile> {
  const { path } = newest;
  // Another file of the history may be there now.
  const isReplaced = newest.kind === 'deleted' && (await history.store.head(path)) !== undefined;
  const seen = isReplaced ? undefined : await history.observe(path);
  const editor = unsaved.find((each) => each.path === path);
  if (!seen || seen.state === 'missing') return { ...nothingAt(path), unsaved: editor !== undefined };
  await history.requireChangeable(path);
  const { bytes, mode } = asFile(path, seen);
  const content = contentOfBytes(bytes);
  const onDisk = { path, content, onDisk: content.sha256, unsaved: false, ...(mode !== undefined && { mode }) };
  if (!editor) return onDisk;
  const { unsavedText: text, unsavedEncoding: encoding } = editor;
  const typed = unsavedBytes({ text, ...(encoding !== undefined && { encoding }) }, bytes);
  if (!typed) throw notEncodable(path);
  return { ...onDisk, content: contentOfBytes(typed), unsaved: true };
}

/** Without the bytes of the present file: a plan of very many files must not hold all of them. */
function light(history: OpenHistory, planned: PlannedFile): PlannedFile {
  const { present, next } = planned;
  if (!present.content || present.unsaved) return planned;
  const { path, content } = present;
  const light: KnownContent = { sha256: content.sha256, read: async () => (await fileOnDisk(history, path)).bytes };
  return {
    ...planned,
    present: { ...present, content: light },
    next: next.content === content ? { ...next, content: light } : next,
  };
}
