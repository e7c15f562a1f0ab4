import assert from 'node:assert/strict';
import { test } from 'node:test';
import manifest from '../../../package.json';
import strings from '../../../package.nls.json';
import * as ids from '../../../src/ids';
import { codiconNames } from '../../support/codicons';

const { contributes } = manifest;
const declared = contributes.commands.map(({ command }) => command);
const nls = new Map<string, string>(Object.entries(strings));

/** Every string in a JSON value. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function sorted(values: Iterable<string>): string[] {
  return [...values].sort();
}

test('every id is declared once, on both sides', () => {
  assert.deepEqual(sorted(declared), sorted(Object.values(ids.commands)));
  assert.equal(new Set(declared).size, declared.length);
  const viewIds = Object.values(contributes.views).flatMap((views) => views.map(({ id }) => id));
  assert.deepEqual(sorted(viewIds), sorted(Object.values(ids.views).filter((id) => id !== ids.views.container)));
  assert.deepEqual(Object.keys(contributes.views), [ids.views.container]);
  assert.deepEqual(
    contributes.viewsContainers.activitybar.map(({ id }) => id),
    [ids.views.container],
  );
  assert.deepEqual(
    contributes.submenus.map(({ id }) => id),
    Object.values(ids.menus),
  );
  const { section, ...keys } = ids.settings;
  assert.deepEqual(
    sorted(Object.keys(contributes.configuration.properties)),
    sorted(Object.values(keys).map((key) => `${section}.${key}`)),
  );
});

test('every command has a category, a title, an icon that exists and a palette entry', () => {
  const icons = codiconNames();
  for (const { command, category, title, icon } of contributes.commands) {
    assert.equal(category, '%category%', command);
    assert.equal(title, `%${command.replace('obby.', 'command.')}%`);
    assert.ok(icons.has(icon.slice(2, -1)), `${command} has no icon ${icon}`);
  }
  const palette = contributes.menus.commandPalette;
  assert.deepEqual(
    palette.map(({ command }) => command),
    declared,
  );
  for (const { command, when } of palette) assert.ok(when.length > 0, command);
});

test('menus show only commands and submenus that exist', () => {
  const items: { command?: string; submenu?: string }[] = Object.values(contributes.menus).flat();
  for (const { command, submenu } of items) {
    assert.ok(
      command === undefined ? contributes.submenus.some(({ id }) => id === submenu) : declared.includes(command),
    );
  }
});

test('conditions use context keys, views and commands that exist', () => {
  const { menus, viewsWelcome, walkthroughs } = contributes;
  const known = new Set<string>([
    ids.diffPanelType,
    ...[ids.contextKeys, ids.views, ids.commands].flatMap((group) => Object.values(group)),
  ]);
  const events = walkthroughs.flatMap(({ steps }) => steps.flatMap(({ completionEvents }) => completionEvents));
  const conditions = [...stringsIn({ menus, viewsWelcome }).filter((text) => !text.startsWith('%')), ...events];
  const used = conditions.flatMap((text) => text.match(/\bobby\.\w+/g) ?? []);
  const submenus = Object.values<string>(ids.menus);
  assert.ok(used.length > 50);
  assert.deepEqual(
    used.filter((id) => !known.has(id) && !submenus.includes(id)),
    [],
  );
});

test('settings that a workspace must be trusted for exist', () => {
  const settings = Object.keys(contributes.configuration.properties);
  for (const key of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations)
    assert.ok(settings.includes(key), key);
});

test('links in texts run commands that exist', () => {
  const own = [...nls.values()].flatMap((text) => text.match(/command:obby\.\w+/g) ?? []);
  assert.ok(own.length > 0);
  for (const link of own) assert.ok(declared.includes(link.slice('command:'.length)), link);
});

test('every string is used, and every used one exists', () => {
  const used = stringsIn(manifest).flatMap((text) => text.match(/^%(.+)%$/)?.[1] ?? []);
  assert.deepEqual(sorted(new Set(used)), sorted(nls.keys()));
  for (const [key, text] of nls) assert.ok(text.trim() === text && text !== '', key);
});

test('settings have an order, a scope, a description, a default and bounds', () => {
  const properties = Object.values<Record<string, unknown>>(contributes.configuration.properties);
  assert.deepEqual(
    properties.map((setting) => setting['order']),
    properties.map((_, index) => index + 1),
  );
  for (const setting of properties) {
    assert.ok(setting['scope'] && setting['markdownDescription'] && setting['default'] !== undefined);
    if (setting['type'] === 'number') assert.ok(setting['minimum'] !== undefined && setting['maximum'] !== undefined);
    const options = setting['enum'];
    if (Array.isArray(options)) assert.equal(stringsIn(setting['markdownEnumDescriptions']).length, options.length);
  }
});

test('what acts folder by folder can be set for each folder', () => {
  const { section, maxFileSizeMB, watcherEngine, warnOnMassDeletion, showLineEndingChanges } = ids.settings;
  const perFolder = [maxFileSizeMB, watcherEngine, warnOnMassDeletion, showLineEndingChanges] as const;
  const { properties } = contributes.configuration;
  for (const key of perFolder) assert.equal(properties[`${section}.${key}`].scope, 'resource', key);
});

test('no workspace can make history go: only the user sets what is kept', () => {
  const { properties } = contributes.configuration;
  const whatIsKept = [ids.settings.quotaMB, ids.settings.keepAllDays, ids.settings.keepHourlyDays] as const;
  for (const key of whatIsKept) assert.equal(properties[`${ids.settings.section}.${key}`].scope, 'application', key);
});
