import { Uri } from 'vscode';
import { ObbyError } from '../model/errors';
import { causes, isVersionId, type PageQuery, type VersionId } from '../model/version';
import type { RecentQuery, RestorePlan, RestoreRequest } from '../api';

/** The public API is called from JavaScript too: what arrives is parsed, and a bad argument is named. */

const maxLimit = 10_000;

export function aUri(name: string, value: unknown): Uri {
  if (value instanceof Uri) return value;
  throw bad(name, 'a Uri', value);
}

export function anOptionalUri(name: string, value: unknown): Uri | undefined {
  return value === undefined ? undefined : aUri(name, value);
}

export function aVersionId(name: string, value: unknown): VersionId {
  if (isVersionId(value)) return value;
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
  const before = page['before'];
  return {
    ...aLimit('page.limit', page['limit']),
    ...(before !== undefined && { before: isVersionId(before) ? before : aTime('page.before', before) }),
  };
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

/** The versions that a plan, a request or a single id asks to restore. */
export function aRestore(value: unknown): readonly VersionId[] {
  if (typeof value === 'string') return [aVersionId('plan', value)];
  const { steps, versions } = anObject('plan', value) as Partial<RestorePlan & RestoreRequest>;
  if (Array.isArray(steps)) {
    return steps.map((step: { version?: unknown }, index) => aVersionId(`plan.steps[${index}].version`, step.version));
  }
  if (Array.isArray(versions)) return versions.map((id, index) => aVersionId(`plan.versions[${index}]`, id));
  throw bad('plan', 'a version id, { versions } or a plan of planRestore', value);
}

function aLimit(name: string, value: unknown): { readonly limit?: number } {
  if (value === undefined) return {};
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return { limit: Math.min(value, maxLimit) };
  throw bad(name, 'a whole number above 0', value);
}

function anObject(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw bad(name, 'an object', value);
}

export function bad(name: string, wanted: string, value: unknown): ObbyError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
  return new ObbyError('badArgument', `${name}: ${wanted} is wanted, not ${shown}.`);
}
