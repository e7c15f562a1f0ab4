import type { Browser, Page } from 'playwright-core';
import type { StorageFacts } from '../../src/model/historyMaintenance';
import type { StorageState } from '../../src/webview/storageProtocol';
import { WebviewHarness, type HarnessOptions } from './webviewHarness';

export const now = Date.parse('2026-11-25T14:00:00Z');
const hourMs = 3_600_000;

/** What a history takes that has something of everything. */
export const someFacts: StorageFacts = {
  bytes: { journals: 400_000, segments: 2_300_000, catalog: 350_000, other: 900 },
  totalBytes: 3_050_900,
  quotaBytes: 1 << 30,
  versions: 412,
  files: 37,
  contents: 398,
  fullBytes: 96_000_000,
  oldest: now - 90 * 24 * hourMs,
  newest: now - hourMs / 10,
  pins: 2,
  labels: 1,
  lastCheck: { time: now - 5 * hourMs, damagedCount: 0 },
  droppings: [
    { time: now - 26 * hourMs, why: 'age', versions: 212, bytes: 1_200_000 },
    { time: now - 50 * hourMs, why: 'quota', versions: 1, bytes: 16_000_000 },
  ],
  folders: [
    { path: 'src', bytes: 1_500_000, versions: 250 },
    { path: 'docs', bytes: 600_000, versions: 80 },
    { path: 'test', bytes: 400_000, versions: 60 },
    { path: '', bytes: 90_000, versions: 20 },
    { path: '<b>hostile</b>\u202e', bytes: 9_000, versions: 2 },
  ],
};

/** What a test does with the page that is open. */
export type UseStoragePage = (page: Page, harness: WebviewHarness) => Promise<void>;

/** Opens the page with a state for one test. */
export async function withStoragePage(
  browser: Browser,
  state: StorageState,
  use: UseStoragePage,
  options: HarnessOptions = {},
): Promise<void> {
  await WebviewHarness.use(browser, { height: 900, ...options, webview: 'storage' }, async (harness) => {
    await harness.waitForSent((message) => message.type === 'ready');
    await harness.post({ type: 'state', state });
    await harness.page.locator('[data-testid=storage][aria-busy=false]').waitFor();
    await use(harness.page, harness);
  });
}
