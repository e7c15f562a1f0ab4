import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderUri } from '../../../src/cli/place/folderUri';
import { productsOf } from '../../../src/cli/place/products';
import { parseTime } from '../../../src/cli/place/times';

test('a folder has the URI that VS Code gives it', () => {
  const cases: readonly [string, NodeJS.Platform, string][] = [
    ['/home/me/a b', 'linux', 'file:///home/me/a%20b'],
    ["/x/(1) it's #2+é!*@:&=", 'linux', 'file:///x/%281%29%20it%27s%20%232%2B%C3%A9%21%2A%40%3A%26%3D'],
    ['C:\\Users\\me', 'win32', 'file:///c%3A/Users/me'],
    ['\\\\Server\\share\\x', 'win32', 'file://server/share/x'],
    ['/Users/me/~a_b-c.d', 'darwin', 'file:///Users/me/~a_b-c.d'],
  ];
  for (const [path, platform, uri] of cases) assert.equal(folderUri(path, platform), uri);
});

test('histories are looked for where each editor keeps them', () => {
  const dirs = (platform: NodeJS.Platform, env = {}): string[] =>
    productsOf({ platform, env, home: '/h' }).map(({ histories }) => histories);
  const end = 'User/globalStorage/obby.obby/histories';
  assert.ok(dirs('linux').includes(`/h/.config/Code/${end}`));
  assert.ok(dirs('linux', { XDG_CONFIG_HOME: '/c' }).includes(`/c/VSCodium/${end}`));
  assert.ok(dirs('linux').includes(`/h/.vscode-server/data/${end}`));
  assert.ok(dirs('darwin').includes(`/h/Library/Application Support/Code - Insiders/${end}`));
  assert.ok(dirs('win32', { APPDATA: '/r' }).includes(`/r/Code/${end}`));
});

test('times are read as people write them', () => {
  const now = new Date(2026, 6, 27, 14, 0, 0).getTime();
  const local = (...parts: [number, number, number, number?, number?, number?]): number => {
    const [year, month, day, hours = 0, minutes = 0, seconds = 0] = parts;
    return new Date(year, month - 1, day, hours, minutes, seconds).getTime();
  };
  const cases: readonly [string, number][] = [
    ['now', now],
    ['13:59', local(2026, 7, 27, 13, 59)],
    ['14:32', local(2026, 7, 26, 14, 32)],
    ['today', local(2026, 7, 27)],
    ['Yesterday', local(2026, 7, 26)],
    ['yesterday at 9:00', local(2026, 7, 26, 9)],
    ['2h', now - 7_200_000],
    ['3 days ago', now - 3 * 86_400_000],
    ['15min', now - 900_000],
    ['2026-01-31', local(2026, 1, 31)],
    ['2026-01-31 14:02:31', local(2026, 1, 31, 14, 2, 31)],
    ['2026-01-31T14:00Z', Date.UTC(2026, 0, 31, 14)],
    ['2026-01-31T14:00:00.5+0200', Date.UTC(2026, 0, 31, 12, 0, 0, 500)],
  ];
  for (const [text, time] of cases) assert.equal(parseTime(text, now), time, text);
  for (const text of [
    '',
    'soon',
    '24:00',
    '12:60',
    '2026-02-30',
    '2026-13-01',
    '-2h',
    '9'.repeat(100),
    'yesterday 25:00',
  ]) {
    assert.throws(() => parseTime(text, now), /is not a time/, text);
  }
});
