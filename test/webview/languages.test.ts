import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as l10n from '@vscode/l10n';
import type { Browser, Page } from 'playwright-core';
import { StorageStates, type FolderFinding } from '../../src/views/storage/storageState';
import { TimeText } from '../../src/views/text/timeText';
import { VersionText } from '../../src/views/text/versionText';
import type { DiffState } from '../../src/webview/protocol';
import { aVersion } from '../support/aVersion';
import { lines, state, textBody, withDiffPage } from '../support/diffPage';
import { launchBrowser } from '../support/host/browser';
import { projectRoot } from '../support/host/project';
import { cutWords } from '../support/overflow';
import { savePicture } from '../support/pictures';
import { pseudoLanguage } from '../support/pseudoLanguage';
import { now, someFacts, withStoragePage } from '../support/storagePage';
import type { Language } from '../support/webviewHarness';

let browser: Browser;
before(async () => (browser = await launchBrowser(process.env)));
after(async () => {
  l10n.config({ contents: {} });
  await browser.close();
});

function bundle(name: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(path.join(projectRoot, 'l10n', name), 'utf8')) as Record<string, string>;
}

const languages: Readonly<Record<string, Language>> = {
  German: { name: 'de', words: bundle('bundle.l10n.de.json') },
  'the longest language': pseudoLanguage(bundle('bundle.l10n.json')),
};
const widths = [300, 1000];

/** A panel in the words of a language. */
function diffState(time: TimeText, change: Partial<DiffState> = {}): DiffState {
  const text = new VersionText(time);
  const version = aVersion({ cause: 'edit by extension', confidence: 'likely', time: now - 720_000 });
  const body = textBody(
    lines(80),
    lines(80, (line, at) => (at === 40 ? `${line} // new` : line)),
  );
  return state(body, {
    left: {
      label: time.short(version.time),
      time: { full: time.full(version.time), ago: time.ago(version.time) },
      cause: { icon: 'extensions', words: text.cause(version), sentence: text.causeSentence(version) },
      size: time.size(12_000),
      sha256: 'ab'.repeat(32),
    },
    right: { label: l10n.t('Current'), size: time.size(13_000), sha256: 'cd'.repeat(32) },
    ...change,
  });
}

/** Storage pages: one with every part, one with what needs a person, and what stands in place of numbers. */
function findings(): FolderFinding[] {
  const troubled = { ...someFacts, lastCheck: { time: now, damagedCount: 3 }, overQuotaBytes: 5_000_000 };
  return [
    { key: 'file:///w/a', name: 'project', facts: troubled },
    { key: 'file:///w/b', name: 'small', facts: { ...someFacts, fullBytes: 0, droppings: [] } },
    { key: 'file:///w/c', name: 'new', facts: { ...someFacts, versions: 0 } },
    { key: 'file:///w/d', name: 'failed', problem: 'EIO' },
  ];
}

const bodies = {
  text: {},
  unified: { layout: 'unified' },
  'line endings': { body: textBody('a\n', 'a\r\n') },
  binary: { body: { kind: 'binary' } },
  identical: { body: { kind: 'identical' } },
  failed: { body: { kind: 'failed', message: 'EIO' } },
  'too large': { body: { kind: 'tooLarge' } },
} as const satisfies Readonly<Record<string, Partial<DiffState>>>;

for (const [name, language] of Object.entries(languages)) {
  describe(`in ${name}`, () => {
    const time = new TimeText({ now: () => now }, language.name, 'UTC');
    before(() => l10n.config({ contents: language.words }));

    for (const width of widths) {
      test(`the Storage page fits into ${width} px`, async () => {
        const states = new StorageStates(time);
        const shown = { folders: findings().map((finding) => states.folder(finding)) };
        const use = async (page: Page): Promise<void> => {
          await page.getByText(l10n.t('As a table')).first().click();
          await page
            .getByRole('button', { name: l10n.t('Check History') })
            .first()
            .waitFor();
          await savePicture(page, `storage-${name}-${width}`);
          assert.deepEqual(await cutWords(page), []);
        };
        await withStoragePage(browser, shown, use, { width, height: 2600, language });
      });

      for (const [kind, change] of Object.entries(bodies)) {
        test(`the comparison fits into ${width} px: ${kind}`, async () => {
          const use = async (page: Page): Promise<void> => {
            await savePicture(page, `diff-${name}-${kind}-${width}`);
            assert.deepEqual(await cutWords(page), []);
          };
          await withDiffPage(browser, diffState(time, change), use, { width, language });
        });
      }
    }
  });
}
