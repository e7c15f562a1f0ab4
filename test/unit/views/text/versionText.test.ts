import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causes } from '../../../../src/model/version';
import { TimeText } from '../../../../src/views/text/timeText';
import { causeIcons } from '../../../../src/views/text/causeText';
import { versionIcon, VersionText } from '../../../../src/views/text/versionText';
import { aVersion } from '../../../support/aVersion';
import { codiconNames } from '../../../support/codicons';

const now = Date.parse('2026-07-29T12:00:00Z');
const text = new VersionText(new TimeText({ now: () => now }, 'en-GB', 'UTC'));

test('a row says what changed and who did it, and nothing that is not so', () => {
  const none = { added: 0, removed: 0 };
  const summaries = {
    save: text.summary(aVersion()),
    autoSave: text.summary(aVersion({ causeDetail: { save: 'auto' }, added: 1_200, removed: 0 })),
    created: text.summary(aVersion({ kind: 'created', cause: 'terminal', removed: 0 })),
    baseline: text.summary(aVersion({ kind: 'created', cause: 'baseline' })),
    deleted: text.summary(aVersion({ kind: 'deleted', cause: 'git', added: 0, removed: 40 })),
    renamed: text.summary(aVersion({ kind: 'renamed', cause: 'rename', renamedFrom: 'notes/a\nb.md', ...none })),
    binary: text.summary(aVersion({ binary: true, cause: 'external', ...none })),
    unstored: text.summary(aVersion({ unstored: 'too large', cause: 'task', ...none })),
    eolOnly: text.summary(aVersion({ eolOnly: true, cause: 'edit by extension', added: 9, removed: 9 })),
    labelled: text.summary(aVersion({ label: 'before the talk' })),
  };
  assert.deepEqual(summaries, {
    save: '+3 −1 · save',
    autoSave: '+1,200 · auto save',
    created: 'created · +3 · terminal',
    baseline: 'initial version',
    deleted: 'deleted · −40 · git',
    renamed: 'renamed from a\\nb.md · rename',
    binary: 'binary · external',
    unstored: 'not stored: too large · task',
    eolOnly: 'line endings · extension',
    labelled: 'before the talk · +3 −1 · save',
  });
});

test('a change of the mode is named, alone or with lines', () => {
  const modeOnly = aVersion({ added: 0, removed: 0, previousMode: 0o644, mode: 0o755, cause: 'terminal' });
  assert.equal(text.summary(modeOnly), 'mode 644 → 755 · terminal');
  assert.equal(text.details(modeOnly)[0], '1.2 kB · mode 644 → 755');
  assert.match(text.spoken(modeOnly), /mode 644 → 755/);
  assert.equal(text.summary(aVersion({ previousMode: 0, mode: 0o44 })), '+3 −1 · mode 000 → 044 · save');
  assert.equal(text.summary(aVersion({ mode: 0o755 })), '+3 −1 · save');
});

test('an event of several files is summed up', () => {
  const newest = aVersion({ kind: 'deleted', cause: 'terminal', confidence: 'likely', time: now });
  const kinds = { created: 0, modified: 0, deleted: 212, renamed: 0 };
  const event = { id: 'm', newest, since: now, files: 212, versions: 212, kinds, added: 0, removed: 1_007 };
  assert.equal(text.changeSetTitle(event), '212 files');
  assert.equal(text.changeSet(event), '12:00 · deleted · −1,007 · likely terminal');
  const named = { ...event, newest: { ...newest, causeDetail: { command: 'npm run\nformat' } } };
  assert.equal(text.changeSetTitle(named), 'npm run\\nformat · 212 files');
  assert.equal(text.changeSet({ ...named, kinds: { ...kinds, deleted: 1, modified: 211 } }), '12:00 · −1,007 · likely');
  const seen = aVersion({ kind: 'created', cause: 'baseline', time: now });
  const baseline = { ...event, newest: seen, kinds: { ...kinds, created: 212, deleted: 0 }, removed: 0, files: 1 };
  assert.equal(`${text.changeSetTitle(baseline)} · ${text.changeSet(baseline)}`, '1 file · 12:00 · initial version');
});

test('what ran is named, on one line and cut, and is called likely where it is', () => {
  const likely = { confidence: 'likely' } as const;
  const words = {
    terminal: text.cause({ ...likely, cause: 'terminal', causeDetail: { command: `make ${'x'.repeat(100)}` } }),
    task: text.cause({ ...likely, cause: 'task', causeDetail: { name: 'npm: build' } }),
    debug: text.cause({ ...likely, cause: 'debug' }),
    git: text.cause({ ...likely, cause: 'git', causeDetail: { operation: 'checkout', from: 'main', to: 'a\nb' } }),
    reset: text.cause({ ...likely, cause: 'git', causeDetail: { operation: 'reset' } }),
    atWork: text.cause({ ...likely, cause: 'git', causeDetail: {} }),
    formatted: text.cause({ confidence: 'certain', cause: 'save', causeDetail: { save: 'auto', formatted: true } }),
    external: text.cause({ ...likely, cause: 'external' }),
  };
  assert.deepEqual(words, {
    terminal: `likely make ${'x'.repeat(54)}…`,
    task: 'likely task npm: build',
    debug: 'likely debug',
    git: 'likely git checkout main → a\\nb',
    reset: 'likely git reset',
    atWork: 'likely git',
    formatted: 'auto save, formatted',
    external: 'external',
  });
  assert.equal(
    text.causeSentence({
      ...likely,
      cause: 'git',
      causeDetail: { operation: 'checkout', from: 'main', to: 'topic', command: 'git checkout topic' },
    }),
    'Probably by git checkout main → topic, run as `git checkout topic` in the terminal',
  );
});

test('the cause is a sentence that says how sure it is', () => {
  const since = Date.parse('2026-07-28T09:10:00Z');
  assert.equal(text.causeSentence(aVersion()), 'Saved in the editor');
  assert.equal(
    text.causeSentence(aVersion({ cause: 'terminal', confidence: 'likely' })),
    'Probably by a command in the terminal',
  );
  assert.equal(
    text.causeSentence(aVersion({ cause: 'offline', causeDetail: { since } })),
    'Changed while Obby was not recording, after Yesterday 09:10',
  );
  assert.equal(
    text.causeSentence(aVersion({ cause: 'external', causeDetail: { since } })),
    'By another program, after Yesterday 09:10',
  );
});

test('every cause has words and an icon that exists', () => {
  const known = codiconNames();
  for (const cause of causes) {
    assert.ok(text.cause({ cause, confidence: 'certain' }).length > 0, cause);
    assert.ok(known.has(causeIcons[cause]), causeIcons[cause]);
  }
  for (const kind of ['created', 'deleted', 'renamed', 'modified'] as const) {
    assert.ok(known.has(versionIcon(aVersion({ kind })).icon), kind);
  }
  assert.ok(known.has(versionIcon(aVersion({ unstored: 'unreadable' })).icon));
});

test('a tooltip holds size, hash, label and pin', () => {
  const version = aVersion({ label: 'v1', pinned: true, size: 12_345 });
  assert.deepEqual(text.details(version), [
    '+3 −1 · 12 kB',
    'Saved in the editor',
    'Label: v1',
    'Pinned: kept permanently',
    'SHA-256 0123456789ab…',
  ]);
  const { sha256: _, ...deletion } = aVersion({ kind: 'deleted', added: 0, size: 0 });
  assert.deepEqual(text.details(deletion), ['deleted · −1', 'Saved in the editor']);
});

test('a screen reader gets words', () => {
  const spoken = text.spoken(aVersion({ time: now, added: 0 }));
  assert.match(spoken, /^Wednesday,? 29 July 2026.* 12:00:00, 1 line removed, Saved in the editor$/);
  // As in the list, where every line of a file that is new to Obby would count.
  assert.doesNotMatch(text.spoken(aVersion({ kind: 'created', cause: 'baseline', added: 9 })), /line/);
});
