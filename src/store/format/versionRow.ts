import {
  causes,
  causeTextLimits,
  gitOperations,
  type Cause,
  type CauseDetail,
  type ChangeKind,
  type GitOperation,
  type Unstored,
  type VersionRecord,
} from '../../model/version';
import { parseVersionId, timeOfId } from './versionKey';
import { ObbyError } from '../../base/errors';
import { sha256Of } from '../../base/sha256';
import type { DerivedField, VersionDraft } from '../../model/historyStore';

/** A file's identity: the path at which its history began, and which of the histories that began there it is (0-based). */
export interface FileKey {
  readonly originPath: string;
  readonly generation: number;
}

/** A version as journals store it, without what is derived from other rows. */
export interface VersionRow extends Omit<VersionRecord, DerivedField> {
  readonly file: FileKey;
  readonly stamp?: string;
}

/** In the order of their numbers in the catalog: append new ones. */
export const kinds: readonly ChangeKind[] = ['created', 'modified', 'deleted', 'renamed'];
export const unstoredReasons: readonly Unstored[] = ['too large', 'unreadable', 'forgotten'];
/** Bits of `versions.flags` in the catalog. */
export const flag = { eolOnly: 1, binary: 2, likely: 4 } as const;
type Save = NonNullable<CauseDetail['save']>;
const saves: Readonly<Record<Save, true>> = { manual: true, auto: true, focusOut: true, beforeRestore: true };
const sha256Form = /^[0-9a-f]{64}$/;

/**
 * The fields of a version in journals; see FORMAT.md. Defaults are undefined: `born` when it is the path, `nth` when 0,
 * `sure` when certain, `at` when it is the time of the id, flags that are false.
 */
export function versionFields(row: VersionRow) {
  const { id, path, kind, cause, causeDetail, size, sha256, added, removed, unstored, renamedFrom, changeSet, stamp } =
    row;
  const { file, confidence, eolOnly, binary, mode } = row;
  return {
    id,
    path,
    kind,
    cause,
    causeDetail,
    size,
    sha256,
    added,
    removed,
    unstored,
    renamedFrom,
    mode,
    at: row.time === timeOfId(id) ? undefined : row.time,
    moment: changeSet,
    stamp,
    born: file.originPath === path ? undefined : file.originPath,
    nth: file.generation === 0 ? undefined : file.generation,
    sure: confidence === 'certain' ? undefined : confidence,
    eolOnly: eolOnly || undefined,
    binary: binary || undefined,
  };
}

/** {@link versionFields} as JSON. */
export function encodeVersionRow(row: VersionRow): Uint8Array {
  return Buffer.from(JSON.stringify(versionFields(row)));
}

export function flagsOf({ eolOnly, binary, confidence }: VersionRow): number {
  return (eolOnly ? flag.eolOnly : 0) | (binary ? flag.binary : 0) | (confidence === 'likely' ? flag.likely : 0);
}

type Fields = Readonly<Record<string, unknown>>;

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Only permission bits: a version never gives a file the rights of its owner or group. */
function isMode(value: unknown): value is number {
  return isCount(value) && value <= 0o777;
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isKind = (value: unknown): value is ChangeKind => kinds.includes(value as ChangeKind);
const isCause = (value: unknown): value is Cause => causes.includes(value as Cause);
const isSave = (value: unknown): value is Save => isString(value) && Object.hasOwn(saves, value);
const isOperation = (value: unknown): value is GitOperation => gitOperations.includes(value as GitOperation);
const isUnstored = (value: unknown): value is Unstored => unstoredReasons.includes(value as Unstored);

/** Whether a value is a SHA-256 as lower-case hex. */
function isSha256(value: unknown): value is string {
  return isString(value) && sha256Form.test(value);
}

/** Validates the fields of a parsed row; one invalid field makes the row invalid. */
class FieldReader {
  isValid = true;

  constructor(private readonly fields: Fields) {}

  required<T>(name: string, has: (value: unknown) => value is T, otherwise: T): T {
    const value = this.fields[name];
    if (has(value)) return value;
    this.isValid = false;
    return otherwise;
  }

  optional<T>(name: string, has: (value: unknown) => value is T): T | undefined {
    return this.fields[name] === undefined ? undefined : this.required(name, has, undefined as T);
  }
}

/** Drops undefined members, which exact optional types do not allow. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  // Without lists of entries: this runs for each version of a history.
  for (const name in fields)
    if (fields[name] !== undefined) kept[name] = fields[name] as Exclude<(typeof fields)[typeof name], undefined>;
  return kept;
}

type CauseText = keyof typeof causeTextLimits;
const causeTextNames = Object.keys(causeTextLimits) as CauseText[];

/** The valid texts of a cause. */
function causeTexts(fields: Fields): Partial<Record<CauseText, string>> {
  const texts = causeTextNames.flatMap((name) => {
    const text = fields[name];
    return isString(text) && text.length <= causeTextLimits[name] ? [[name, text]] : [];
  });
  return Object.fromEntries(texts) as Partial<Record<CauseText, string>>;
}

/** The valid members of a cause; undefined when there is no object. */
export function parseCauseDetail(value: unknown): CauseDetail | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { save, formatted, operation, restored, since, forgotten } = value as Fields;
  return {
    ...(isSave(save) ? { save } : {}),
    ...(formatted === true ? { formatted } : {}),
    ...causeTexts(value as Fields),
    ...(isOperation(operation) ? { operation } : {}),
    ...(isString(restored) ? { restored } : {}),
    ...(typeof since === 'number' ? { since } : {}),
    ...(typeof forgotten === 'number' ? { forgotten } : {}),
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Undefined when the row is invalid. */
export function decodeVersionRow(bytes: Uint8Array): VersionRow | undefined {
  return parseVersionRow(parseJson(bytes));
}

/** The inverse of {@link versionFields}; undefined when a field is invalid. */
export function parseVersionRow(fields: unknown): VersionRow | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined;
  const reader = new FieldReader(fields as Fields);
  const id = reader.required('id', isString, '');
  const key = parseVersionId(id);
  const path = reader.required('path', isPath, '');
  const row: VersionRow = {
    id,
    time: reader.optional('at', isCount) ?? key?.time ?? 0,
    file: { originPath: reader.optional('born', isPath) ?? path, generation: reader.optional('nth', isCount) ?? 0 },
    path,
    kind: reader.required('kind', isKind, 'modified'),
    cause: reader.required('cause', isCause, 'external'),
    confidence: reader.optional('sure', isString) === 'likely' ? 'likely' : 'certain',
    size: reader.required('size', isCount, 0),
    eolOnly: reader.optional('eolOnly', isFlag) ?? false,
    binary: reader.optional('binary', isFlag) ?? false,
    changeSet: reader.required('moment', isString, ''),
    ...defined({
      causeDetail: parseCauseDetail((fields as Fields)['causeDetail']),
      sha256: reader.optional('sha256', isSha256),
      added: reader.optional('added', isCount),
      removed: reader.optional('removed', isCount),
      unstored: reader.optional('unstored', isUnstored),
      renamedFrom: reader.optional('renamedFrom', isPath),
      mode: reader.optional('mode', isMode),
      stamp: reader.optional('stamp', isString),
    }),
  };
  return reader.isValid && key !== undefined ? row : undefined;
}

/** Longer than any path on any system. */
const maxPathLength = 65_536;
const maxTextLength = 4_096;
/** Contents above this fit neither a record nor memory. */
const maxContentBytes = 512 << 20;
/** The most that nine digits of base 36 hold, see versionKey.ts, less a reserve for times that are raised. */
const maxTime = 36 ** 9 - 1_000_000;

function isText(value: string | undefined, maxLength: number): boolean {
  return value === undefined || (value.length <= maxLength && !value.includes('\0'));
}

function hasShortTexts(detail: CauseDetail | undefined): boolean {
  if (detail === undefined) return true;
  const limits = Object.entries(causeTextLimits) as [keyof typeof causeTextLimits, number][];
  return limits.every(([name, limit]) => isText(detail[name], limit));
}

/** Why a draft is invalid, or undefined. A valid one can be written and read back. */
export function validateDraft(draft: Omit<VersionDraft, 'content'>): string | undefined {
  const { path, renamedFrom, changeSet, stamp } = draft;
  const { time, size, added, removed, causeDetail } = draft;
  if (path === '' || !isText(path, maxPathLength)) return 'its path names no file';
  if (renamedFrom === '' || !isText(renamedFrom, maxPathLength)) return 'its old path names no file';
  if (!isText(changeSet, maxTextLength) || !isText(stamp, maxTextLength))
    return 'its change set or stamp is no short text';
  if (!isText(causeDetail?.restored, maxTextLength)) return 'what it restores is no version id';
  if (!hasShortTexts(causeDetail)) return 'a text of its cause is too long';
  if (!isCount(time) || time > maxTime) return 'its time is none';
  if (![size, added, removed].every((count) => count === undefined || isCount(count)))
    return 'its size or line counts are no counts';
  if (draft.mode !== undefined && !isMode(draft.mode)) return 'its mode has other bits than permissions';
  if (draft.sha256 !== undefined && !isSha256(draft.sha256)) return 'its SHA-256 is none';
  return undefined;
}

/** Why the content of a draft is invalid. */
function contentFlawOf({ kind, unstored, content, size, sha256 }: VersionDraft): string | undefined {
  const hasContent = kind !== 'deleted' && unstored === undefined;
  if (hasContent !== (content !== undefined)) return hasContent ? 'its content is missing' : 'it can have no content';
  if (content === undefined) return undefined;
  if (content.length !== size) return 'its size is not that of its content';
  return sha256Of(content) === sha256 ? undefined : 'its SHA-256 is not that of its content';
}

/** Throws `badArgument` or `tooLarge` for a draft that cannot be recorded. */
export function assertDraft(draft: VersionDraft): void {
  if (draft.content !== undefined && draft.content.length > maxContentBytes) {
    throw new ObbyError('tooLarge', `${draft.path} is too large to be stored.`);
  }
  const flaw = validateDraft(draft) ?? contentFlawOf(draft);
  if (flaw === undefined) return;
  throw new ObbyError('badArgument', `The version of ${JSON.stringify(draft.path)} cannot be recorded: ${flaw}.`);
}
