const msPerUnit = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;
type Unit = keyof typeof msPerUnit;

const ago = /^(\d{1,6})\s*(s|m|h|d|w|sec|min|hour|day|week|second|minute)s?(?:\s+ago)?$/i;
const clockTime = /^(?:(today|yesterday)(?:\s+at)?\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/i;
const dateTime = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * A time as people write it, in ms since the epoch: `14:32` (the last one), `yesterday`, `yesterday 9:00`, `2h`,
 * `3 days ago`, `2026-01-31`, `2026-01-31 14:00`, ISO 8601. Times without a zone are local. Undefined for other texts.
 */
export function writtenTime(text: string, now: number): number | undefined {
  const asked = text.trim().toLowerCase();
  const time = named(asked, now) ?? relativeTime(asked, now) ?? timeOfDay(asked, now) ?? absoluteTime(text.trim());
  return Number.isNaN(time) ? undefined : time;
}

function named(asked: string, now: number): number | undefined {
  if (asked === 'now') return now;
  if (asked === 'today') return startOfDay(now, 0);
  return asked === 'yesterday' ? startOfDay(now, -1) : undefined;
}

function relativeTime(asked: string, now: number): number | undefined {
  const [, count, word] = ago.exec(asked) ?? [];
  // The pattern allows only words that begin with their unit.
  return word === undefined ? undefined : now - Number(count) * msPerUnit[word.charAt(0) as Unit];
}

/** Without a day: the last time that the clock showed it. */
function timeOfDay(asked: string, now: number): number | undefined {
  const [, day, hours, minutes, seconds = '0'] = clockTime.exec(asked) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const on = (shift: number): number => {
    const date = new Date(startOfDay(now, shift));
    const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate(), hours, minutes, seconds];
    return localTime(parts.map(Number));
  };
  if (day !== undefined) return on(day === 'today' ? 0 : -1);
  return on(0) > now ? on(-1) : on(0);
}

function absoluteTime(text: string): number | undefined {
  if (zoned.test(text)) return Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  const [, ...parts] = dateTime.exec(text) ?? [];
  return parts.length === 0 ? undefined : localTime(parts.map((part) => Number((part as string | undefined) ?? 0)));
}

/** NaN for a time that the calendar or the clock does not have. */
function localTime([year = 0, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0]: readonly number[]): number {
  const date = new Date(year, month - 1, day, hours, minutes, seconds);
  const isReal = date.getMonth() === month - 1 && date.getDate() === day && hours < 24 && minutes < 60 && seconds < 60;
  return isReal ? date.getTime() : NaN;
}

/** Local midnight, `shift` days after the one before `now`. */
export function startOfDay(now: number, shift: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + shift).getTime();
}
