import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ignoreTemplate, suggestPatterns, watchTemplate, type FolderEntry } from '../../../src/commands/rulesTemplate';
import { untranslated } from '../../support/aVersion';

function entries(...names: string[]): FolderEntry[] {
  return names.map((name) => ({ name: name.replace('/', ''), isFolder: name.endsWith('/') }));
}

/** What a rule file says, without its comments. */
function patternsOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('suggestions are what people write, anchored', () => {
  const found = suggestPatterns(
    entries('src/', 'node_modules/', 'README.md', '.git/', '.env', 'docs [old]/', 'logo.png', 'a.ts', 'NOTES.md'),
  );
  assert.deepEqual(found, ['/docs \\[old]/', '/src/', '/*.md', '/*.ts']);
});

test('a folder that tells nothing still gets a start', () => {
  assert.deepEqual(suggestPatterns(entries('.git/', 'node_modules/', 'Makefile')), ['*.md', '*.txt']);
});

test('many folders are cut off at a bound', () => {
  const many = Array.from({ length: 500 }, (_, index) => `folder${index}/`);
  assert.equal(suggestPatterns(entries(...many)).length, 10);
});

test('a template is comments and the given patterns', () => {
  assert.deepEqual(patternsOf(watchTemplate(['/src/', '/*.md'], untranslated)), ['/src/', '/*.md']);
  assert.ok(patternsOf(ignoreTemplate(untranslated)).includes('node_modules/'));
});
