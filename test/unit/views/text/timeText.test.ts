import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateLocale, TimeText, parseLocalTime } from '../../../../src/views/text/timeText';

const now = Date.parse('2026-07-29T12:00:00Z');

/** Versions of the language data differ in the space before `PM` and the comma after the weekday. */
function plain(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, ' ').replace(',', '');
}

function texts(locale: string, timeZone = 'UTC', at = now): TimeText {
  return new TimeText({ now: () => at }, locale, timeZone);
}

test('days are named as people name them', () => {
  const time = texts('en-GB');
  const days = ['2026-07-29T00:00:00Z', '2026-07-28T23:59:59Z', '2026-07-27T10:00:00Z', '2025-12-31T10:00:00Z'];
  assert.deepEqual(
    days.map((day) => plain(time.day(Date.parse(day)))),
    ['Today', 'Yesterday', 'Monday 27 July', 'Wednesday 31 December 2025'],
  );
});

test('a day is the day of the time zone, not of UTC', () => {
  const late = Date.parse('2026-07-28T23:30:00Z');
  assert.equal(texts('en-GB', 'Europe/Berlin').day(late), 'Today');
  assert.equal(texts('en-GB', 'America/New_York').day(late), 'Yesterday');
  assert.notEqual(texts('en-GB', 'Europe/Berlin').dayKey(late), texts('en-GB').dayKey(late));
});

test('yesterday may be 23 or 25 hours long', () => {
  for (const [today, yesterday] of [
    ['2026-03-30T00:10:00+02:00', '2026-03-29T00:05:00+01:00'],
    ['2026-10-26T00:10:00+01:00', '2026-10-25T00:05:00+02:00'],
  ] as const) {
    assert.equal(texts('en-GB', 'Europe/Berlin', Date.parse(today)).day(Date.parse(yesterday)), 'Yesterday');
  }
});

test('a short time says as much as its distance needs', () => {
  const time = texts('en-GB');
  const times = ['2026-07-29T09:05:07Z', '2026-07-28T09:05:07Z', '2026-07-20T09:05:07Z', '2024-07-20T09:05:07Z'];
  assert.deepEqual(
    times.map((each) => time.short(Date.parse(each))),
    ['09:05', 'Yesterday 09:05', '20 Jul, 09:05', '20 Jul 2024, 09:05'],
  );
  assert.equal(time.time(Date.parse('2026-07-29T09:05:07Z'), 'second'), '09:05:07');
});

test("dates follow the person's locale", () => {
  const when = Date.parse('2026-07-27T14:02:31Z');
  assert.equal(plain(texts('en-US').time(when)), '2:02 PM');
  assert.equal(texts('de').time(when, 'second'), '14:02:31');
  assert.equal(texts('de').day(when), 'Montag, 27. Juli');
  assert.equal(texts('de').day(now), 'Heute');
  assert.equal(texts('de').count(1_234_567), '1.234.567');
});

test('the locale of the system counts when it speaks the language of the window', () => {
  assert.equal(dateLocale('en', 'en-GB'), 'en-GB');
  assert.equal(dateLocale('en', 'de-DE'), 'en');
  assert.equal(dateLocale('pt-br', 'pt-PT'), 'pt-PT');
});

test('times ago are counted in the largest unit that fits', () => {
  const time = texts('en');
  const [s, m, h, d] = [1000, 60_000, 3_600_000, 86_400_000];
  const ages = [0, 59 * s, 60 * s, 59 * m, 60 * m, 23 * h, 24 * h, 29 * d, 40 * d, 400 * d, -5 * s];
  assert.deepEqual(
    ages.map((age) => time.ago(now - age)),
    [
      'now',
      '59 seconds ago',
      '1 minute ago',
      '59 minutes ago',
      '1 hour ago',
      '23 hours ago',
      'yesterday',
      '29 days ago',
      'last month',
      'last year',
      'now',
    ],
  );
});

test('sizes have one decimal below ten', () => {
  const time = texts('en');
  assert.deepEqual(
    [0, 512, 1_234, 12_345, 5_000_000, 2.5e9].map((bytes) => time.size(bytes)),
    ['0 bytes', '512 bytes', '1.2 kB', '12 kB', '5 MB', '2.5 GB'],
  );
});

test('a local time, with or without hours', () => {
  assert.equal(parseLocalTime('2026-01-31 14:05'), new Date(2026, 0, 31, 14, 5).getTime());
  assert.equal(parseLocalTime(' 2026-1-3T04:05:06 '), new Date(2026, 0, 3, 4, 5, 6).getTime());
  assert.equal(parseLocalTime('2026-01-31'), new Date(2026, 0, 31).getTime());
});

test('what is no time is none', () => {
  for (const text of [
    '',
    'yesterday',
    '31.01.2026',
    '2026-02-31',
    '2026-13-01',
    '2026-01-01 24:00',
    '2026-01-01 10:60',
  ]) {
    assert.equal(parseLocalTime(text), undefined, text);
  }
});
