import type { Browser, Locator, Page } from 'playwright-core';
import { diffBytes } from '../../src/diff/textDiff';
import type { DiffState, Body, TextBody } from '../../src/webview/protocol';
import { WebviewHarness, type HarnessOptions } from './webviewHarness';

/** What a test does with the webview that is open. */
export type UseWebview = (page: Page, harness: WebviewHarness) => Promise<void>;

/** The element that scrolls, as an expression of the page. */
export const scroller = `document.querySelector('[data-testid="diff-rows"]')`;

/** Two texts without byte order marks as the panel sends them. */
export function textBody(left: string, right: string): TextBody {
  const diff = diffBytes({ path: 'f', bytes: Buffer.from(left) }, { path: 'f', bytes: Buffer.from(right) });
  const { changes, added, removed, eolOnly } = diff;
  return { kind: 'text', left, right, changes, added, removed, ...(eolOnly && { only: 'line endings' }) };
}

/** A state of the panel. */
export function state(body: Body, changed: Partial<DiffState> = {}): DiffState {
  const uri = 'file:///w/src/a.ts';
  return {
    path: 'src/app/main.ts',
    left: {
      label: '14:02',
      time: { full: 'Monday, November 23, 2026 at 14:02:31', ago: '12 minutes ago' },
      cause: { icon: 'terminal', words: 'terminal', sentence: 'Cause: a command in the terminal' },
      size: '12 kB',
      sha256: 'ab'.repeat(32),
    },
    right: { label: 'Current', size: '13 kB', sha256: 'cd'.repeat(32) },
    canRestore: true,
    layout: 'sideBySide',
    tabSize: 4,
    lineHeight: 0,
    locale: 'en',
    saved: { left: { kind: 'nothing', uri }, right: { kind: 'file', uri } },
    body,
    ...changed,
  };
}

/** Numbered lines, each changed as asked. */
export function lines(count: number, change: (line: string, index: number) => string = (line) => line): string {
  return Array.from({ length: count }, (_, index) => `${change(`const line${index} = ${index};`, index)}\n`).join('');
}

/** Opens the webview with a state for one test. */
export async function withDiffPage(
  browser: Browser,
  shown: DiffState,
  use: UseWebview,
  options: HarnessOptions = {},
): Promise<void> {
  await WebviewHarness.use(browser, options, async (harness) => {
    await harness.waitForSent((message) => message.type === 'ready');
    await harness.show(shown);
    await use(harness.page, harness);
  });
}

export function byId(page: Page, testId: string): Locator {
  return page.locator(`[data-testid="${testId}"]`);
}
