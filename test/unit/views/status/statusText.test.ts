import assert from 'node:assert/strict';
import { test } from 'node:test';
import { banner, sidebarStateOf, statusBarContent, type NamedStatus } from '../../../../src/views/status/statusText';
import { TimeText } from '../../../../src/views/text/timeText';
import { aVersion } from '../../../support/aVersion';

const now = 1_000_000;
const time = new TimeText({ now: () => now }, 'en', 'UTC');

function status(facts: Partial<NamedStatus> = {}): NamedStatus {
  return {
    name: 'app',
    state: 'watching',
    engine: 'events',
    files: 12,
    versions: 340,
    queue: 0,
    gaps: [],
    unrecorded: [],
    ...facts,
  };
}

function shown(...statuses: NamedStatus[]): { text: string; tooltip: string } | undefined {
  const content = statusBarContent(statuses, time);
  return content && { text: content.text, tooltip: content.tooltip };
}

test('a window without a folder on disk shows nothing', () => {
  assert.equal(shown(), undefined);
  assert.equal(shown(status({ state: 'unsupported' })), undefined);
});

test('each state has its words', () => {
  const lastScan = { time: now - 120_000, ms: 5, files: 12 };
  assert.deepEqual(
    shown(
      status({
        lastScan,
        queue: 3,
        engine: 'polling',
        engineReason: 'no events',
        unrecorded: [{ path: 'a\n.md', reason: 'Permission denied.' }],
      }),
    ),
    {
      text: '$(warning) Obby',
      tooltip:
        'Watching, 1 file is not recorded\napp: 12 files, 340 versions, polling (no events), 3 waiting, scanned 2 minutes ago\n  not recorded: a\\n.md (Permission denied.)',
    },
  );
  assert.deepEqual(shown(status({ state: 'paused' })), {
    text: '$(debug-pause) Obby paused',
    tooltip: 'Paused: changes are not recorded\napp: paused',
  });
  assert.deepEqual(shown(status({ state: 'no rules' })), {
    text: '$(eye-closed) Obby',
    tooltip: 'Nothing is watched\napp: no .obbywatch, nothing is watched',
  });
  assert.deepEqual(shown(status({ scanning: { done: 1, total: 3 } })), {
    text: '$(sync~spin) Obby 33 %',
    tooltip: 'Scanning, 33 %\napp: 12 files, 340 versions',
  });
});

test('a folder that fails is seen among others that do not', () => {
  const content = statusBarContent(
    [status(), status({ name: 'docs', state: 'failed', problem: 'The disk is full.' })],
    time,
  );
  assert.equal(content?.isError, true);
  assert.match(content.tooltip, /docs: The disk is full\./);
});

test('a folder whose name is an icon or has lines stays text', () => {
  const content = statusBarContent([status({ name: 'a\n$(zap)' })], time);
  assert.match(content?.tooltip ?? '', /^Watching\na\\n\$\(zap\): 12 files/);
});

test('a window of several folders has one state', () => {
  const of = (...states: NamedStatus['state'][]): string => sidebarStateOf(states.map((state) => status({ state })));
  assert.equal(of(), 'noFolder');
  assert.equal(of('no rules', 'watching', 'failed'), 'ready');
  assert.equal(of('no rules', 'paused', 'unsupported'), 'paused');
  assert.equal(of('no rules', 'paused', 'failed'), 'failed');
  assert.equal(of('unsupported', 'no rules'), 'noRules');
  assert.equal(sidebarStateOf([status({ versions: 0 })]), 'empty');
});

test('a list says above its rows that it may be incomplete', () => {
  const folder = aVersion().uri;
  assert.equal(banner([{ ...status(), folder }]), undefined);
  assert.equal(banner([{ ...status({ state: 'paused' }), folder }]), 'Paused: changes are not recorded.');
  assert.equal(
    banner([{ ...status({ state: 'failed', problem: 'The disk is full.' }), folder }]),
    'Recording stopped. The disk is full.',
  );
});

test('thousands of changes that wait are counted down', () => {
  const burst = shown(status({ queue: 8_214 }), status({ name: 'other', queue: 1 }));
  assert.equal(burst?.text, '$(sync~spin) Obby 8,215 left');
  assert.match(burst.tooltip, /^Recording, 8,215 changes left\n/);
});
