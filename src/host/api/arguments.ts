import type { Uri } from 'vscode';
import { ObbyError } from '../../base/errors';
import { conflictAnswers, type OnConflict } from '../../model/undo';
import { causes, isPublicVersionId, type PageQuery, type VersionId } from '../../model/version';
import type {
  DiffOptions,
  ForgetRequest,
  ChangesPage,
  ChangeSetQuery,
  LinePage,
  LineRange,
  RecentQuery,
  RestoreStep,
} from '../../api/api';

/** Parses the arguments of the public API, which JavaScript may call too. An error names the bad argument. */

const maxLimit = 10_000;

export function aUri(name: string, value: unknown): Uri {
  if (isUri(value)) return value;
  throw bad(name, 'a Uri', value);
}

/** By its members, as VS Code itself knows one, so that this file needs no VS Code. */
function isUri(value: unknown): value is Uri {
  if (typeof value !== 'object' || value === null) return false;
  const uri = value as Record<string, unknown>;
  const parts = ['scheme', 'authority', 'path', 'query', 'fragment', 'fsPath'];
  return (
    parts.every((part) => typeof uri[part] === 'string') &&
    ['with', 'toString'].every((method) => typeof uri[method] === 'function')
  );
}

export function anOptionalUri(name: string, value: unknown): Uri | undefined {
  return value === undefined ? undefined : aUri(name, value);
}

export function aVersionId(name: string, value: unknown): VersionId {
  if (isPublicVersionId(value)) return value;
  throw bad(name, 'a version id', value);
}

/** ms since the epoch, of a number or a Date. */
export function aTime(name: string, value: unknown): number {
  const time = value instanceof Date ? value.getTime() : value;
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  throw bad(name, 'a time (a Date, or milliseconds since the epoch)', value);
}

export function aPage(value: unknown): PageQuery {
  const page = anObject('page', value);
  const { before, earlier } = page;
  return {
    ...aLimit('page.limit', page['limit']),
    ...(before !== undefined && { before: isPublicVersionId(before) ? before : aTime('page.before', before) }),
    ...(earlier !== undefined && { earlier: aBoolean('page.earlier', earlier) }),
  };
}

export function aLinePage(value: unknown): LinePage {
  const { limit, before } = anObject('page', value);
  return {
    ...aLimit('page.limit', limit),
    ...(before !== undefined && { before: aVersionId('page.before', before) }),
  };
}

export function aLineRange(name: string, value: unknown): LineRange {
  const { start, end } = anObject(name, value);
  if (!isWhole(start)) throw bad(`${name}.start`, 'a line number, 0 or more', start);
  if (!isWhole(end) || end <= start) throw bad(`${name}.end`, 'the number of a line after the first one', end);
  return { start, end };
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function aChangeSetQuery(value: unknown): ChangeSetQuery {
  const { before } = anObject('query', value);
  const { cause: _cause, ...rest } = aRecentQuery(value);
  return { ...rest, ...(before !== undefined && { before: aVersionId('query.before', before) }) };
}

export function aChangesPage(value: unknown): ChangesPage {
  const { limit, offset } = anObject('page', value);
  if (offset !== undefined && !isWhole(offset)) throw bad('page.offset', 'a whole number, 0 or more', offset);
  return { ...aLimit('page.limit', limit), ...(offset !== undefined && { offset }) };
}

export function aRecentQuery(value: unknown): RecentQuery {
  const query = anObject('query', value);
  const { since, until, folder, cause } = query as Partial<Record<keyof RecentQuery, unknown>>;
  const known = causes.find((word) => word === cause);
  if (cause !== undefined && known === undefined) throw bad('query.cause', `one of ${causes.join(', ')}`, cause);
  return {
    ...aLimit('query.limit', query['limit']),
    ...(since !== undefined && { since: aTime('query.since', since) }),
    ...(until !== undefined && { until: aTime('query.until', until) }),
    ...(folder !== undefined && { folder: aUri('query.folder', folder) }),
    ...(known !== undefined && { cause: known }),
  };
}

/** What to restore: of a plan, a request or a single id; see {@link RestoreArgument}. */
export function aRestore(name: string, value: unknown): RestoreArgument {
  if (typeof value === 'string') return { versions: [aVersionId(name, value)] };
  const { steps, versions, undo, files, onConflict } = anObject(name, value) as Record<string, unknown>;
  if (undo !== undefined) {
    return {
      undo: aList(`${name}.undo`, [undo].flat(), aText),
      ...(Array.isArray(steps) && { steps: steps.map((step, index) => anUndoStep(`${name}.steps[${index}]`, step)) }),
      ...(files !== undefined && { files: aList(`${name}.files`, files, aUri) }),
      ...(onConflict !== undefined && { onConflict: anAnswer(`${name}.onConflict`, onConflict) }),
    };
  }
  if (steps !== undefined) {
    const version = (at: string, step: unknown): VersionId =>
      aVersionId(`${at}.version`, anObject(at, step)['version']);
    return { versions: aList(`${name}.steps`, steps, version) };
  }
  if (versions !== undefined) return { versions: aList(`${name}.versions`, versions, aVersionId) };
  throw bad(name, 'a version id, { versions }, { undo } or a plan of planRestore', value);
}

/** Versions to restore, or change sets to take back: all, the given files, or the steps of a plan. */
export type RestoreArgument = { readonly versions: readonly VersionId[] } | UndoArgument;

export interface UndoArgument {
  readonly undo: readonly string[];
  readonly steps?: readonly Pick<RestoreStep, 'uri' | 'onConflict' | 'state'>[];
  readonly files?: readonly Uri[];
  readonly onConflict?: OnConflict;
}

/** A plan of an undo, or a request of one. */
export function anUndo(name: string, value: unknown): UndoArgument {
  const asked = aRestore(name, value);
  if ('undo' in asked) return asked;
  throw bad(name, 'the plan of an undo', value);
}

function anUndoStep(name: string, value: unknown): Pick<RestoreStep, 'uri' | 'onConflict' | 'state'> {
  const { uri, onConflict, state } = anObject(name, value);
  return {
    uri: aUri(`${name}.uri`, uri),
    ...(onConflict !== undefined && { onConflict: anAnswer(`${name}.onConflict`, onConflict) }),
    ...(state !== undefined && { state: aText(`${name}.state`, state) }),
  };
}

function anAnswer(name: string, value: unknown): OnConflict {
  const known = conflictAnswers.find((word) => word === value);
  if (known) return known;
  throw bad(name, `one of ${conflictAnswers.join(', ')}`, value);
}

function aList<T>(name: string, value: unknown, parse: (name: string, item: unknown) => T): T[] {
  if (Array.isArray(value)) return value.map((item, index) => parse(`${name}[${index}]`, item));
  throw bad(name, 'an array', value);
}

export function aDiffOptions(value: unknown): DiffOptions {
  const { context, encodings } = anObject('options', value) as Partial<Record<keyof DiffOptions, unknown>>;
  if (context !== undefined && !isWhole(context)) throw bad('options.context', 'a whole number, 0 or more', context);
  if (encodings !== undefined && !isTexts(encodings)) throw bad('options.encodings', 'an array of names', encodings);
  return { ...(context !== undefined && { context }), ...(encodings !== undefined && { encodings }) };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

const maxNameLength = 200;

/** A label's name, on one line. */
export function aName(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text !== '' && text.length <= maxNameLength && !/[\r\n]/.test(text)) return text;
  throw bad(name, `a text on one line, of at most ${maxNameLength} characters`, value);
}

export function aText(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw bad(name, 'a text', value);
}

export function aBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw bad(name, 'true or false', value);
}

/** The path of a file on disk. */
export function aFilePath(name: string, value: unknown): string {
  const uri = aUri(name, value);
  if (uri.scheme === 'file') return uri.fsPath;
  throw bad(name, 'the Uri of a file on disk', uri.toString());
}

/** Times become ms since the epoch. A text may be a secret, so no message shows it. */
export function aForgetRequest(
  value: unknown,
): ForgetRequest & { readonly since?: number | undefined; readonly until?: number | undefined } {
  const request = anObject('request', value) as Partial<Record<keyof ForgetRequest, unknown>>;
  const { uri, pattern, since, until, text, folder } = request;
  if ([uri, pattern, since, until, text].every((member) => member === undefined)) {
    throw bad('request', '{ uri, pattern, since, until, text }, at least one of them', value);
  }
  if (text !== undefined && typeof text !== 'string') throw bad('request.text', 'a text', text);
  return {
    ...(uri !== undefined && { uri: aUri('request.uri', uri) }),
    ...(pattern !== undefined && { pattern: aText('request.pattern', pattern) }),
    ...(since !== undefined && { since: aTime('request.since', since) }),
    ...(until !== undefined && { until: aTime('request.until', until) }),
    ...(text !== undefined && { text }),
    ...(folder !== undefined && { folder: aUri('request.folder', folder) }),
  };
}

export function anIterable<T>(name: string, value: Iterable<T>): Iterable<T> {
  // Callers in JavaScript can pass anything.
  const given: unknown = value;
  if (typeof given === 'object' && given !== null && Symbol.iterator in given) return value;
  throw bad(name, 'a list', given);
}

function aLimit(name: string, value: unknown): { readonly limit?: number } {
  if (value === undefined) return {};
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return { limit: Math.min(value, maxLimit) };
  throw bad(name, 'a whole number above 0', value);
}

export function anObject(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw bad(name, 'an object', value);
}

export function bad(name: string, expected: string, value: unknown): ObbyError {
  return new ObbyError('badArgument', `${name}: expected ${expected}, got ${shown(value)}.`);
}

const maxShown = 80;

/** Describes any value briefly: it may be huge, or have no text form. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, maxShown));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value).slice(0, maxShown);
}
