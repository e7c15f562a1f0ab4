import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { StorageStates, type FolderFinding } from '../../src/views/storage/storageState';
import { TimeText } from '../../src/views/text/timeText';
import type { StorageState } from '../../src/webview/storageProtocol';
import { launchBrowser } from '../support/host/browser';
import { savePicture } from '../support/pictures';
import { now, someFacts as facts, withStoragePage, type UseStoragePage } from '../support/storagePage';
import { themeNames, type HarnessOptions } from '../support/webviewHarness';

let browser: Browser;
before(async () => (browser = await launchBrowser(process.env)));
after(() => browser.close());

const states = new StorageStates(new TimeText({ now: () => now }, 'en-US', 'UTC'));

function stateOf(...findings: readonly FolderFinding[]): StorageState {
  return { folders: findings.map((finding) => states.folder(finding)) };
}

const project: FolderFinding = { key: 'file:///w/project', name: 'project', facts };
const emptyFolder: FolderFinding = {
  key: 'file:///w/new',
  name: 'new',
  facts: { ...facts, versions: 0, files: 0, contents: 0, folders: [], droppings: [] },
};

const withPage = (state: StorageState, use: UseStoragePage, options?: HarnessOptions): Promise<void> =>
  withStoragePage(browser, state, use, options);

describe('the Storage page', () => {
  test('says what a history takes, in words and numbers', async () => {
    await withPage(stateOf(project), async (page) => {
      assert.equal(await page.getByTestId('headline').innerText(), '412 versions in 3.1 MB');
      await page.getByText('Full copies of every version would take 96 MB: 31 times as much.').waitFor();
      const quota = page.getByRole('meter', { name: 'Quota' });
      assert.equal(await quota.getAttribute('aria-valuetext'), '3.1 MB of 1,024 MB, 0.3 % of the quota');
      await page.getByText('212 versions dropped by age').waitFor();
      await page.getByText('1 version dropped by the quota').waitFor();
      for (const fact of ['Last check', '5 hours ago', 'no damage', '1 label, 2 pins']) {
        await page.getByText(fact, { exact: true }).waitFor();
      }
    });
  });

  test('draws parts as long as their share', async () => {
    await withPage(stateOf(project), async (page) => {
      const widths = await page.evaluate<number[]>(
        `[...document.querySelectorAll('.bars .bar')].map((bar) => bar.getBoundingClientRect().width)`,
      );
      const [full = 0, stored = 0] = widths;
      assert.ok(Math.abs(full / stored - facts.fullBytes / facts.totalBytes) < 3, widths.join(' '));
      const areas = await page.evaluate<number[]>(
        `[...document.querySelectorAll('.tile')].map((tile) => tile.offsetWidth * tile.offsetHeight)`,
      );
      const [src = 0, docs = 1] = areas;
      assert.ok(Math.abs(src / docs - 2.5) < 0.1, areas.join(' '));
    });
  });

  test('a name from the disk is text, whatever it says', async () => {
    await withPage(stateOf(project), async (page) => {
      await page.getByText('As a table').click();
      await page.getByRole('rowheader', { name: '<b>hostile</b>\\u{202e}' }).waitFor();
      assert.equal(await page.locator('b').count(), 0);
    });
  });

  test('what is damaged or over the quota comes first', async () => {
    const troubled: FolderFinding = {
      ...project,
      facts: { ...facts, lastCheck: { time: now, damagedCount: 3 }, overQuotaBytes: 5_000_000 },
    };
    await withPage(stateOf(troubled), async (page) => {
      assert.deepEqual(await page.locator('.warning').allInnerTexts(), [
        '3 versions are damaged. Check History names them.',
        'Versions that must be kept (newest, pinned, labeled) exceed the quota by 5 MB. Raise the quota, or unpin and delete some.',
      ]);
    });
  });

  test('buttons act on their folder', async () => {
    await withPage(stateOf(project, { ...project, key: 'file:///w/other', name: 'other' }), async (page, harness) => {
      const other = page.getByRole('region', { name: 'other' });
      for (const name of ['Check History', 'Delete…', 'Export…', 'Import…']) {
        await other.getByRole('button', { name }).click();
      }
      await page.getByRole('button', { name: 'Settings' }).click();
      const wanted = ['check', 'forget', 'export', 'import'].map((action) => ({
        type: 'action',
        action,
        folder: 'file:///w/other',
      }));
      await harness.waitForSent((message) => message.type === 'action' && message.action === 'settings');
      assert.deepEqual(harness.sent.slice(1), [...wanted, { type: 'action', action: 'settings' }]);
    });
  });

  test('keeps the focus and what was unfolded when the numbers change', async () => {
    await withPage(stateOf(project), async (page, harness) => {
      await page.getByText('As a table').click();
      await page.getByRole('button', { name: 'Export…' }).focus();
      const changed = { ...project, facts: { ...facts, versions: 413 } };
      await harness.post({ type: 'state', state: stateOf(changed) });
      await page.getByText('413 versions in 3.1 MB').waitFor();
      await page.getByRole('table').waitFor();
      assert.equal(await page.evaluate<string>('document.activeElement.textContent'), 'Export…');
    });
  });

  test('a folder without versions, one that failed, and none at all say so', async () => {
    const failed: FolderFinding = { key: 'file:///w/x', name: 'x', problem: 'The disk is gone.' };
    await withPage(stateOf(emptyFolder, failed), async (page, harness) => {
      await page.getByText('Nothing is recorded yet').waitFor();
      const alert = page.getByRole('alert');
      assert.match(await alert.innerText(), /The disk is gone\./);
      await alert.getByRole('button', { name: 'Try Again' }).click();
      await harness.waitForSent((message) => message.type === 'action' && message.action === 'reload');
    });
    await withPage({ folders: [] }, (page) => page.getByText('No folder is open').waitFor());
  });

  test('a narrow page keeps everything within its width', async () => {
    await withPage(
      stateOf(project),
      async (page) => {
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        assert.ok(overflow <= 0, `${overflow} px`);
      },
      { width: 320 },
    );
  });

  for (const theme of themeNames) {
    test(`is drawn in the theme ${theme}`, async () => {
      await withPage(
        stateOf(project, emptyFolder),
        async (page) => {
          const color = await page.evaluate<string>(
            `getComputedStyle(document.querySelector('.bar.stored')).backgroundColor`,
          );
          assert.notEqual(color, 'rgba(0, 0, 0, 0)');
          await savePicture(page, `storage-${theme}`);
        },
        { theme, width: 1000, height: 1100 },
      );
    });
  }
});
