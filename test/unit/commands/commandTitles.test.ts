import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandTitles } from '../../../src/commands/commandTitles';

test('titles and icons are read, also translated ones', () => {
  const commands = [
    { command: 'a', title: 'Open', icon: '$(go-to-file)' },
    { command: 'b', title: { value: 'Öffnen', original: 'Open' } },
  ];
  assert.deepEqual(
    [...commandTitles({ contributes: { commands } })],
    [
      ['a', { title: 'Open', icon: 'go-to-file' }],
      ['b', { title: 'Öffnen', icon: '' }],
    ],
  );
});

test('a manifest of another shape gives none', () => {
  for (const manifest of [
    undefined,
    null,
    1,
    {},
    { contributes: { commands: {} } },
    { contributes: { commands: [{}] } },
  ]) {
    assert.equal(commandTitles(manifest).size, 0);
  }
});
