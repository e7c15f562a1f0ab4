import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page, Route } from 'playwright-core';
import { webviewHtml } from '../../src/views/shared/webviewHtml';
import type { SavedState } from '../../src/webview/diff/place';
import type { DiffState, FromWebview, ToWebview } from '../../src/webview/protocol';
import type { FromStoragePage, ToStoragePage } from '../../src/webview/storageProtocol';
import { projectRoot } from './host/project';
import themes from './webviewThemes.json';

/** The variables that VS Code gives to webviews in its own themes, as far as they are used. */
export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as ThemeName[];

export interface HarnessOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Which of the built webviews; the diff by default. */
  readonly webview?: WebviewName;
  /** Of the page; English by default. */
  readonly language?: Language;
}

/** A language and its texts by the English ones. */
export interface Language {
  readonly name: string;
  readonly words: Readonly<Record<string, string>>;
}

type WebviewName = 'diff' | 'storage';
type Sent = FromWebview | FromStoragePage;

/** Far longer than a page needs, on a busy machine too. */
const callTimeoutMs = 60_000;
const origin = 'http://webview.test';
const types = new Map([
  ['.css', 'text/css'],
  ['.js', 'text/javascript'],
  ['.ttf', 'font/ttf'],
]);

/** Pages that no test uses any more, since making one takes longer than most tests. */
const idlePages = new WeakMap<Browser, Page[]>();
/** Who uses a page now. */
const harnesses = new WeakMap<Page, WebviewHarness>();

/** A built webview in a browser, with the page and the policy it has in VS Code, and a stand-in for its panel. */
export class WebviewHarness {
  /** What the webview sent, oldest first. */
  readonly sent: Sent[] = [];
  /** Errors of the page, its policy's included. */
  readonly problems: string[] = [];
  private kept: SavedState | undefined;
  private onCall: () => void = () => undefined;

  private constructor(
    readonly page: Page,
    private readonly html: string,
  ) {}

  /** Opens a webview for one test; fails when the page, or its policy, complained by its end. */
  static async use(
    browser: Browser,
    options: HarnessOptions,
    test: (harness: WebviewHarness) => Promise<void>,
  ): Promise<void> {
    const idle = idlePages.get(browser) ?? [];
    idlePages.set(browser, idle);
    const page = idle.pop() ?? (await newPage(browser));
    try {
      const harness = await WebviewHarness.open(page, options);
      await test(harness);
      assert.deepEqual(harness.problems, []);
      await page.evaluate(() => (globalThis as unknown as PageGlobals).sessionStorage.clear());
      await page.goto('about:blank');
      idle.push(page);
    } catch (error) {
      await page.close();
      throw error;
    }
  }

  private static async open(page: Page, options: HarnessOptions): Promise<WebviewHarness> {
    const { theme = 'dark', width = 1000, height = 600, webview = 'diff', language } = options;
    const harness = new WebviewHarness(page, pageHtml(webview, language));
    harnesses.set(page, harness);
    await page.setViewportSize({ width, height });
    await page.mouse.move(0, 0);
    await page.goto(`${origin}/`);
    await harness.setTheme(theme);
    return harness;
  }

  /** The page sent something to its panel, */
  hearSent(message: Sent): void {
    this.sent.push(message);
    this.onCall();
  }

  /** or has its state kept, */
  hearKept(state: SavedState): void {
    this.kept = state;
    this.onCall();
  }

  /** or asks for a file. */
  async serve(route: Route): Promise<void> {
    const { pathname } = new URL(route.request().url());
    const type = types.get(path.extname(pathname));
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: this.html });
    if (!type) return route.fulfill({ status: 404 });
    return route.fulfill({ contentType: type, body: await readFile(path.join(projectRoot, pathname)) });
  }

  async post(message: ToWebview | ToStoragePage): Promise<void> {
    await this.page.evaluate((data) => (globalThis as unknown as PageGlobals).postMessage(data), message);
  }

  /** Shows a state and waits until the webview has drawn it. */
  async show(state: DiffState): Promise<void> {
    await this.post({ type: 'state', state });
    await this.page.waitForSelector('[data-testid=diff-rows] [role=row], [data-testid=diff-message]');
  }

  /** Resolves with the first message, of those already sent or yet to come, that passes. */
  async waitForSent(passes: (message: Sent) => boolean): Promise<Sent> {
    const giveUpAt = Date.now() + callTimeoutMs;
    for (;;) {
      const found = this.sent.find(passes);
      if (found) return found;
      await this.nextCall(giveUpAt, 'sent what was waited for');
    }
  }

  /** Resolves once the webview keeps a state that passes. */
  async waitForKept(passes: (state: SavedState) => boolean): Promise<void> {
    const giveUpAt = Date.now() + callTimeoutMs;
    while (!this.kept || !passes(this.kept)) await this.nextCall(giveUpAt, 'kept what was waited for');
  }

  /** Resolves when the page calls its panel. */
  private async nextCall(giveUpAt: number, what: string): Promise<void> {
    const called = new Promise<true>((resolve) => (this.onCall = () => resolve(true)));
    const isCalled = await Promise.race([called, delay(giveUpAt - Date.now(), false, { ref: false })]);
    if (!isCalled) throw new Error(`The page has not ${what}.`);
  }

  /** Writes variables and class as VS Code does when the theme changes. */
  async setTheme(name: ThemeName): Promise<void> {
    const { kind, variables } = themes[name];
    await this.page.evaluate(
      ([bodyClass, entries]) => {
        const { documentElement, body } = (globalThis as unknown as PageGlobals).document;
        documentElement.style.cssText = '';
        for (const [key, value] of entries) documentElement.style.setProperty(key, value);
        body.className = bodyClass;
      },
      [kind, Object.entries(variables)] as const,
    );
  }
}

/** What is used of the page's globals; the tests themselves are compiled for Node. */
interface PageGlobals {
  readonly document: {
    readonly documentElement: { readonly style: { cssText: string; setProperty(name: string, value: string): void } };
    readonly body: { className: string };
  };
  readonly sessionStorage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    clear(): void;
  };
  postMessage(message: unknown): void;
  obbySent(message: unknown): void;
  obbyKept(state: unknown): void;
  acquireVsCodeApi: () => unknown;
}

/** Runs in the page, before its scripts: VS Code's API, with a state that survives a reload. */
function fakeApi(): void {
  const globals = globalThis as unknown as PageGlobals;
  const api = {
    postMessage: (message: unknown) => globals.obbySent(message),
    getState: () => JSON.parse(globals.sessionStorage.getItem('state') ?? 'null') as unknown,
    setState: (state: unknown) => {
      globals.sessionStorage.setItem('state', JSON.stringify(state));
      globals.obbyKept(state);
    },
  };
  globals.acquireVsCodeApi = () => api;
}

/** A page that tells the harness that uses it. */
async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  const harness = (): WebviewHarness | undefined => harnesses.get(page);
  page.on('pageerror', (error) => harness()?.problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && harness()?.problems.push(message.text()));
  await page.route(`${origin}/**`, (route) => harness()?.serve(route));
  await page.exposeFunction('obbySent', (message: Sent) => harness()?.hearSent(message));
  await page.exposeFunction('obbyKept', (state: SavedState) => harness()?.hearKept(state));
  await page.addInitScript(fakeApi);
  return page;
}

function pageHtml(webview: WebviewName, language: Language | undefined): string {
  return webviewHtml({
    cspSource: origin,
    nonce: 'bm9uY2U=',
    script: `${origin}/dist/webview/${webview}Main.js`,
    styles: ['dist/webview/codicon.css', 'media/webview.css', `media/${webview}.css`].map(
      (file) => `${origin}/${file}`,
    ),
    language: language?.name ?? 'en',
    ...(language && { words: JSON.stringify(language.words) }),
  });
}
