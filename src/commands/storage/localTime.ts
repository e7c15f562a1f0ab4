const written = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*$/;

/** A local time as people write it, `2026-01-31 14:00` or a day alone, in ms since the epoch. */
export function parseLocalTime(text: string): number | undefined {
  const found = written.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part || 0));
  const date = new Date(year, month - 1, day, hour, minute, second);
  // A 31st of February would be taken for a day in March.
  const isReal = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return isReal && hour < 24 && minute < 60 && second < 60 ? date.getTime() : undefined;
}
