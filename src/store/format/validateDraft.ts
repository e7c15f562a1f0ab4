import { ObbyError } from '../../base/errors';
import { causeTextLimits, type CauseDetail } from '../../model/version';
import { sha256Of } from '../../base/sha256';
import type { VersionDraft } from '../../model/historyStore';
import { isSha256 } from './versionRow';

/** Longer than any path on any system. */
const maxPathLength = 65_536;
const maxTextLength = 4_096;
/** Contents above this fit neither a record nor memory. */
const maxContentBytes = 512 << 20;
/** The most that nine digits of base 36 hold, see versionKey.ts, less a reserve for times that are raised. */
const maxTime = 36 ** 9 - 1_000_000;

function isCount(value: number | undefined): boolean {
  return value === undefined || (Number.isSafeInteger(value) && value >= 0);
}

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
  if (![size, added, removed].every(isCount)) return 'its size or line counts are no counts';
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
