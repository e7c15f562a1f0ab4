import type { Clock } from '../../base/clock';
import * as l10n from '@vscode/l10n';
import { plural } from '../../base/plural';

const msPerDay = 86_400_000;

/** The locale of dates: the system's, unless its language is not that of the window. */
export function dateLocale(uiLanguage: string, ownLocale: string): string {
  const language = (locale: string): string => locale.toLowerCase().split('-', 1)[0] ?? '';
  return language(uiLanguage) === language(ownLocale) ? ownLocale : uiLanguage;
}

/** Read from plural rules, since creating a date formatter takes over ten milliseconds. */
export function systemLocale(): string {
  return new Intl.PluralRules().resolvedOptions().locale;
}

/** Times (ms since the epoch), sizes and counts in words. */
export class TimeText {
  private readonly formats = new Map<string, Intl.DateTimeFormat>();
  private relativeFormat: Intl.RelativeTimeFormat | undefined;

  /** `timeZone`: the system's by default. */
  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    readonly locale: string,
    private readonly timeZone?: string,
  ) {}

  /** Equal for times on the same day. */
  dayKey(time: number): string {
    const { year, month, day } = this.dateOf(time);
    return `${year}-${month}-${day}`;
  }

  /** `Today`, `Yesterday`, `Monday, July 27`, with the year when it is not this one. */
  day(time: number): string {
    const daysAgo = Math.round((this.dayNumber(this.clock.now()) - this.dayNumber(time)) / msPerDay);
    if (daysAgo === 0 || daysAgo === 1) return this.capitalised(this.relative.format(-daysAgo, 'day'));
    return this.format({ weekday: 'long', day: 'numeric', month: 'long', ...this.yearUnlessThis(time) }, time);
  }

  /** `14:02`, or `14:02:31`. */
  time(time: number, precision: 'minute' | 'second' = 'minute'): string {
    return this.format({ timeStyle: precision === 'minute' ? 'short' : 'medium' }, time);
  }

  /** `14:02` today, `Yesterday 14:02`, `Jul 27, 14:02` before. */
  short(time: number, precision: 'minute' | 'second' = 'minute'): string {
    const clockTime = this.time(time, precision);
    const key = this.dayKey(time);
    if (key === this.dayKey(this.clock.now())) return clockTime;
    if (key === this.dayKey(this.clock.now() - msPerDay)) return `${this.day(time)} ${clockTime}`;
    return `${this.format({ day: 'numeric', month: 'short', ...this.yearUnlessThis(time) }, time)}, ${clockTime}`;
  }

  /** Weekday, date, and time with seconds. */
  full(time: number): string {
    return this.format({ dateStyle: 'full', timeStyle: 'medium' }, time);
  }

  /** `3 minutes ago`, `2 hours ago`, `yesterday`. */
  ago(time: number): string {
    const seconds = Math.max(0, (this.clock.now() - time) / 1000);
    const steps = [
      { unit: 'second', size: 1, below: 60 },
      { unit: 'minute', size: 60, below: 3600 },
      { unit: 'hour', size: 3600, below: 86_400 },
      { unit: 'day', size: 86_400, below: 30 * 86_400 },
      { unit: 'month', size: 30 * 86_400, below: 365 * 86_400 },
      { unit: 'year', size: 365 * 86_400, below: Infinity },
    ] as const;
    const step = steps.find(({ below }) => seconds < below) ?? steps[5];
    return this.relative.format(-Math.floor(seconds / step.size), step.unit);
  }

  /** `512 bytes`, `12 kB`, `3.4 MB`. */
  size(bytes: number): string {
    const steps = [
      { unit: 'gigabyte', size: 1e9 },
      { unit: 'megabyte', size: 1e6 },
      { unit: 'kilobyte', size: 1e3 },
      { unit: 'byte', size: 1 },
    ] as const;
    const step = steps.find(({ size }) => bytes >= size) ?? steps[3];
    const amount = bytes / step.size;
    return new Intl.NumberFormat(this.locale, {
      style: 'unit',
      unit: step.unit,
      unitDisplay: step.unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: amount < 10 ? 1 : 0,
    }).format(amount);
  }

  /** `1,024`. */
  count(value: number): string {
    return new Intl.NumberFormat(this.locale).format(value);
  }

  /** Created on demand: the first formatter of a process takes over ten milliseconds. */
  private get relative(): Intl.RelativeTimeFormat {
    this.relativeFormat ??= new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' });
    return this.relativeFormat;
  }

  private yearUnlessThis(time: number): Intl.DateTimeFormatOptions {
    return this.dateOf(time).year === this.dateOf(this.clock.now()).year ? {} : { year: 'numeric' };
  }

  private dateOf(time: number): { readonly year: number; readonly month: number; readonly day: number } {
    const parts = this.formatter({ year: 'numeric', month: 'numeric', day: 'numeric' }, 'en-u-ca-gregory-nu-latn');
    const fields = new Map(parts.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    return { year: fields.get('year') ?? 0, month: fields.get('month') ?? 0, day: fields.get('day') ?? 0 };
  }

  /** Midnight of the day as if it were in UTC, so that a day of 23 or 25 hours is one day. */
  private dayNumber(time: number): number {
    const { year, month, day } = this.dateOf(time);
    return Date.UTC(year, month - 1, day);
  }

  private capitalised(text: string): string {
    return text.charAt(0).toLocaleUpperCase(this.locale) + text.slice(1);
  }

  private format(options: Intl.DateTimeFormatOptions, time: number): string {
    return this.formatter(options, this.locale).format(time);
  }

  /** Cached: creating a formatter costs a hundred times as much as using it. */
  private formatter(options: Intl.DateTimeFormatOptions, locale: string): Intl.DateTimeFormat {
    const key = JSON.stringify([locale, options]);
    let found = this.formats.get(key);
    if (!found) {
      found = new Intl.DateTimeFormat(locale, { ...options, ...(this.timeZone && { timeZone: this.timeZone }) });
      this.formats.set(key, found);
    }
    return found;
  }
}

/** `1 file`, `1,024 files`. */
export function fileCount(count: number, time: Pick<TimeText, 'count'>): string {
  return plural(count, l10n.t('1 file'), l10n.t('{0} files', time.count(count)));
}

/** `1 version`, `1,024 versions`. */
export function versionCount(count: number, time: Pick<TimeText, 'count'>): string {
  return plural(count, l10n.t('1 version'), l10n.t('{0} versions', time.count(count)));
}

const localTime = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*$/;

/** Parses a local time, `2026-01-31 14:00` or `2026-01-31`, to ms since the epoch. */
export function parseLocalTime(text: string): number | undefined {
  const found = localTime.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part || 0));
  const date = new Date(year, month - 1, day, hour, minute, second);
  // `Date` takes February 31 for a day in March.
  const isReal = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return isReal && hour < 24 && minute < 60 && second < 60 ? date.getTime() : undefined;
}
