import { ObbyError } from '../../base/errors';
import { writtenTime } from '../../base/writtenTime';
import { shortened } from './arguments';

/** See {@link writtenTime}. Throws `badArgument`. */
export function parseTime(text: string, now: number): number {
  const time = writtenTime(text, now);
  if (time !== undefined) return time;
  throw new ObbyError(
    'badArgument',
    `"${shortened(text)}" is not a time. Examples: 14:32, yesterday, "yesterday 9:00", 2h, 2026-01-31, 2026-01-31T14:00Z.`,
  );
}
