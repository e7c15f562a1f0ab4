import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { layouts, type Body, type DiffState } from '../../src/webview/protocol';
import { byId, lines, scroller, state, textBody, withDiffPage, type UseWebview } from '../support/diffPage';
import { launchBrowser } from '../support/host/browser';
import type { HarnessOptions } from '../support/webviewHarness';

let browser: Browser;
before(async () => (browser = await launchBrowser(process.env)));
after(() => browser.close());

const withWebview = (shown: DiffState, use: UseWebview, options?: HarnessOptions): Promise<void> =>
  withDiffPage(browser, shown, use, options);

/** Rows as a reader sees them: numbers, sign and text of each cell. */
function rowTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('[role=row]')].map((row) =>
    [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent).join(' '))`);
}

/** The texts of changed words that are in view. */
function seenMarks(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('.mark')].filter((mark) => {
    const [own, code] = [mark, mark.closest('.code')].map((each) => each.getBoundingClientRect());
    return own.left >= code.left && own.right <= code.right;
  }).map((mark) => mark.textContent)`);
}

/** The computed value of a style property. */
function style(page: Page, selector: string, property: string): Promise<string> {
  const found = `document.querySelector(${JSON.stringify(selector)})`;
  return page.evaluate<string>(`getComputedStyle(${found}).getPropertyValue(${JSON.stringify(property)})`);
}

const farApart = state(
  textBody(
    lines(200),
    lines(200, (line, at) => (at === 60 || at === 150 ? `${line} // new` : line)),
  ),
);

describe('the layouts', () => {
  const body = textBody('keep\nlet size = 1;\nend\n', 'keep\n// says how big\nlet size = 20;\nend\n');

  test('side by side, an edited line stands beside its new form', async () => {
    await withWebview(state(body), async (page) => {
      assert.deepEqual(await rowTexts(page), [
        '1  keep 1  keep',
        '  2 + // says how big',
        '2 − let size = 1; 3 + let size = 20;',
        '3  end 4  end',
      ]);
      assert.deepEqual(await page.locator('.mark').allTextContents(), ['1', '20']);
    });
  });

  test('unified, removed lines stand above added ones', async () => {
    await withWebview(state(body, { layout: 'unified' }), async (page) => {
      assert.deepEqual(await rowTexts(page), [
        '1 1  keep',
        '2  − let size = 1;',
        ' 2 + // says how big',
        ' 3 + let size = 20;',
        '3 4  end',
      ]);
    });
  });

  test('the other one is a click away, and the panel is told', async () => {
    await withWebview(state(body), async (page, harness) => {
      await page.getByRole('button', { name: 'Show Unified' }).click();
      await page.getByRole('button', { name: 'Show Side by Side' }).waitFor();
      assert.equal((await rowTexts(page)).length, 5);
      assert.deepEqual(harness.sent.at(-1), { type: 'layout', layout: 'unified' });
    });
  });

  test('a narrow panel is unified, and says why it cannot be otherwise', async () => {
    await withWebview(
      state(body),
      async (page) => {
        assert.equal((await rowTexts(page)).length, 5);
        await page.getByRole('button', { name: 'too narrow' }).and(page.locator(':disabled')).waitFor();
        await page.setViewportSize({ width: 900, height: 400 });
        await page.getByRole('button', { name: 'Show Unified' }).waitFor();
        assert.equal((await rowTexts(page)).length, 4);
      },
      { width: 300 },
    );
  });

  test('both sides scroll sideways in step', async () => {
    const long = 'x'.repeat(500);
    await withWebview(state(textBody(`a${long}\n`, `b${long}\n`)), async (page) => {
      const starts = `[...document.querySelectorAll('.line')].map((line) => line.getBoundingClientRect().left)`;
      const before = await page.evaluate<number[]>(starts);
      await page.evaluate(`new Promise((done) => {
        ${scroller}.addEventListener('scroll', done, { once: true });
        ${scroller}.scrollLeft = 700;
      }).then(() => undefined)`);
      const expected = before.map((left) => left - 700);
      assert.deepEqual(await page.evaluate<number[]>(starts), expected);
    });
  });
});

describe('unchanged lines', () => {
  const folds = (page: Page) => byId(page, 'fold').locator('.fold-count').allTextContents();

  test('are folded away, with the line that they belong to', async () => {
    const head = 'export function outer() {\n';
    const inner = (last: string): string => `${head}${lines(30, (line) => `  ${line}`)}${last}\n`;
    await withWebview(state(textBody(inner('a'), inner('b'))), async (page) => {
      assert.deepEqual(await folds(page), ['28 unchanged lines']);
      assert.equal(await page.locator('.fold-heading').textContent(), head.trim());
    });
  });

  test('come back a few at a time or all at once', async () => {
    await withWebview(farApart, async (page) => {
      assert.deepEqual(await folds(page), ['57 unchanged lines', '83 unchanged lines', '46 unchanged lines']);
      const middle = byId(page, 'fold').nth(1);
      await middle.getByRole('button', { name: 'Show the First 20' }).click();
      await page.getByText('63 unchanged lines').waitFor();
      await middle.getByRole('button', { name: 'Show the Last 20' }).click();
      await page.getByText('43 unchanged lines').waitFor();
      const rest = byId(page, 'fold').filter({ hasText: '43 unchanged lines' });
      await rest.getByRole('button', { name: 'Show All' }).click();
      await rest.waitFor({ state: 'detached' });
      assert.equal(await byId(page, 'diff-rows').getAttribute('aria-rowcount'), '99');
    });
  });

  test('do not move the lines around the one that unfolds', async () => {
    const right = lines(200, (line, at) => (at === 60 || at === 100 || at > 160 ? `${line} // new` : line));
    await withWebview(state(textBody(lines(200), right)), async (page) => {
      const [above, below] = [page.locator('[aria-label^="Line 64:"]'), page.locator('[aria-label^="Line 98:"]')];
      const places = [await above.boundingBox(), await below.boundingBox()];
      await byId(page, 'fold').nth(1).getByRole('button', { name: 'Show the Last 20' }).click();
      await page.locator('[aria-label^="Line 97:"]').waitFor();
      assert.deepEqual(await below.boundingBox(), places[1]);
      await byId(page, 'diff-rows').focus();
      await page.keyboard.press('Home');
      assert.deepEqual(await above.boundingBox(), places[0]);
      await byId(page, 'fold').nth(1).getByRole('button', { name: 'Show All' }).click();
      await page.locator('[aria-label^="Line 65:"]').waitFor();
      assert.deepEqual(await above.boundingBox(), places[0]);
    });
  });

  test('unfold from the keyboard', async () => {
    await withWebview(farApart, async (page) => {
      await byId(page, 'diff-rows').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('Alt+ArrowUp');
      await page.getByText('37 unchanged lines').waitFor();
      await page.keyboard.press('Enter');
      await page.locator('[aria-label^="Line 1:"]').waitFor();
      assert.equal(await byId(page, 'announcement').textContent(), '37 lines shown');
    });
  });

  test('all come and go with one button', async () => {
    await withWebview(farApart, async (page) => {
      await page.getByRole('button', { name: 'Show All Unchanged Lines' }).click();
      await page.getByRole('button', { name: 'Hide Unchanged Lines' }).waitFor();
      assert.equal(await byId(page, 'diff-rows').getAttribute('aria-rowcount'), '200');
      await page.getByRole('button', { name: 'Hide Unchanged Lines' }).click();
      await page.getByRole('button', { name: 'Show All Unchanged Lines' }).waitFor();
      assert.equal((await folds(page)).length, 3);
    });
  });
});

describe('the way from change to change', () => {
  test('goes by key and by button, and is announced', async () => {
    await withWebview(farApart, async (page) => {
      const counter = byId(page, 'change-counter');
      assert.equal(await counter.textContent(), '1 of 2');
      await page.keyboard.press('F7');
      assert.equal(await counter.textContent(), '2 of 2');
      assert.equal(
        await byId(page, 'announcement').textContent(),
        'Change 2 of 2: 1 line added, 1 line removed at line 151',
      );
      const active = page.locator(`#${await byId(page, 'diff-rows').getAttribute('aria-activedescendant')}`);
      assert.match((await active.getAttribute('aria-label')) ?? '', /^Removed line 151: .*\. Added line 151: .* new$/);
      await page.keyboard.press('n');
      assert.equal(await counter.textContent(), '1 of 2');
      await page.keyboard.press('Shift+F7');
      assert.equal(await counter.textContent(), '2 of 2');
      await page.getByRole('button', { name: 'Previous Change' }).click();
      assert.equal(await counter.textContent(), '1 of 2');
    });
  });

  test('scrolls sideways to what changed', async () => {
    const long = 'x '.repeat(400);
    await withWebview(state(textBody(`${long}a\n`, `${long}b\n`)), async (page) => {
      const [mark, list] = [
        await page.locator('.mark').first().boundingBox(),
        await byId(page, 'diff-rows').boundingBox(),
      ];
      assert(mark && list && mark.x > 0 && mark.x + mark.width < list.width / 2);
    });
  });
});

describe('a long line', () => {
  for (const layout of layouts) {
    test(`shows each of its changes in turn, ${layout}`, async () => {
      const statements = Array.from({ length: 8000 }, (_, n) => `var v${n}=f(${n},"text")`);
      const isEdited = (n: number): boolean => n % 800 === 400;
      const edited = statements.map((each, n) => (isEdited(n) ? each.replace('text', `edit${n}`) : each));
      const body = textBody(`a\n${statements.join(';')}\nb\nc\n`, `a\n${edited.join(';')}\nb\nC\n`);
      await withWebview(state(body, { layout }), async (page) => {
        const seen = new Set<string>();
        const counter = byId(page, 'change-counter');
        for (let steps = 0; steps < 30 && (await counter.textContent()) === '1 of 2'; steps++) {
          for (const text of await seenMarks(page)) seen.add(text);
          await page.keyboard.press('n');
        }
        assert.equal(await counter.textContent(), '2 of 2');
        const expected = statements.flatMap((_, n) => (isEdited(n) ? [`edit${n}`] : []));
        assert.deepEqual(new Set([...seen].filter((text) => text.startsWith('edit'))), new Set(expected));
      });
    });
  }
});

describe('50,000 lines', () => {
  test('are there, though only those in sight are in the page', async () => {
    const big = state(
      textBody(
        lines(50_000),
        lines(50_000, (line, at) => (at % 100 === 50 ? `${line}!` : line)),
      ),
    );
    await withWebview(big, async (page) => {
      assert.equal(await byId(page, 'change-counter').textContent(), '1 of 500');
      await page.getByRole('button', { name: 'Show All Unchanged Lines' }).click();
      await byId(page, 'diff-rows').focus();
      for (const [key, label] of [
        ['End', 'Line 50000: const line49999 = 49999;'],
        ['PageUp', 'Line 49999: const line49998 = 49998;'],
        ['Home', 'Line 1: const line0 = 0;'],
      ] as const) {
        await page.keyboard.press(key);
        await page.locator(`[aria-label="${label}"]`).waitFor();
        const count = await page.locator('[role=row]').count();
        assert(count > 20 && count < 120, `${count} rows`);
      }
    });
  });
});

describe('hostile content', () => {
  const attack = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

  test('stays text, also in names', async () => {
    const shown = state(textBody(`${attack}1\n`, `${attack}2\n`), {
      path: `${attack}/a`,
      left: { label: attack, cause: { icon: '"><b>', words: attack, sentence: attack } },
    });
    await withWebview(shown, async (page) => {
      assert.equal(await page.locator('.line').first().textContent(), `${attack}1`);
      assert.equal(await byId(page, 'diff-path').getAttribute('title'), `${attack}/a`);
      assert.equal(await page.locator('img, main script, header script, b').count(), 0);
      assert.equal(await page.evaluate('window.hacked'), undefined);
    });
  });

  test('cannot hide or reorder what is there', async () => {
    const trick = 'if (user == "admin\u202e \u2066// check\u2069 \u2066") {\u200b}\u001b[8m';
    await withWebview(state(textBody('x\n', `${trick}\n`)), async (page) => {
      const symbols = ['U+202E', 'U+2066', 'U+2069', 'U+2066', 'U+200B', 'ESC'];
      assert.deepEqual(await page.locator('.symbol').allTextContents(), symbols);
      const label = await page.locator('[role=row]').first().getAttribute('aria-label');
      assert.match(label ?? '', /admin U\+202E /);
    });
  });

  test('shows line endings, blanks and the end of the file where they changed', async () => {
    await withWebview(state(textBody('same\na\nend', 'same\r\na  \nend\n')), async (page) => {
      assert.deepEqual(await page.locator('.eol').allTextContents(), ['LF', 'CRLF', 'no newline at end', 'LF']);
      assert.equal(await page.locator('.space').count(), 2);
    });
  });
});

describe('the header', () => {
  test('says what is compared', async () => {
    await withWebview(farApart, async (page, harness) => {
      assert.equal(await byId(page, 'diff-path').textContent(), 'main.tssrc/app');
      assert.equal(await byId(page, 'diff-counts').getAttribute('aria-label'), '2 lines added, 2 lines removed');
      const left = byId(page, 'side-left');
      await left.getByText('12 minutes ago').waitFor();
      assert.match((await left.locator('.side-time').getAttribute('title')) ?? '', /November 23, 2026/);
      assert.equal(await left.locator('.codicon-terminal').count(), 1);
      await harness.post({ type: 'times', left: { full: 'x', ago: '13 minutes ago' } });
      await left.getByText('13 minutes ago').waitFor();
    });
  });

  test('asks the panel to act and shows a failure until it is dismissed', async () => {
    await withWebview(farApart, async (page, harness) => {
      await page.getByRole('button', { name: 'Restore the version on the left (14:02)' }).click();
      const asked = await harness.waitForSent(({ type }) => type === 'action');
      assert(asked.type === 'action' && asked.action === 'restore');
      const { id } = asked;
      await harness.post({ type: 'reply', id, error: 'The disk is full.' });
      await page.getByRole('alert').getByText('The disk is full.').waitFor();
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await byId(page, 'notice').waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: "Open in VS Code's Diff Editor" }).click();
      await harness.waitForSent((message) => message.type === 'action' && message.action === 'openInDiffEditor');
    });
  });

  test('offers no restore of what cannot be brought back', async () => {
    await withWebview({ ...farApart, canRestore: false }, async (page) => {
      assert.equal(await byId(page, 'restore').count(), 0);
    });
  });
});

describe('what stands in place of lines', () => {
  const cases: readonly (readonly [string, Body, RegExp])[] = [
    ['while loading', { kind: 'loading' }, /Comparing/],
    [
      'after a failure',
      { kind: 'failed', message: 'a.ts is unreadable.' },
      /could not be compared.*a\.ts is unreadable/,
    ],
    ['of equal bytes', { kind: 'identical' }, /identical/],
    ['of binary content', { kind: 'binary' }, /Binary.*12 kB.*13 kB.*(ab){32}.*(cd){32}/],
    ['of too much', { kind: 'tooLarge' }, /Too large.*Diff Editor/],
    ['of other line endings', textBody('a\nb\n', 'a\r\nb\r\n'), /Only line endings differ/],
    ['of another encoding', { ...textBody('a\n', 'a\n'), only: 'encoding' }, /Only the encoding differs/],
  ];
  for (const [name, body, expected] of cases) {
    test(name, async () => {
      await withWebview(state(body), async (page) => {
        assert.match((await byId(page, 'diff-message').textContent()) ?? '', expected);
        assert.equal(await byId(page, 'next-change').isVisible(), false);
      });
    });
  }

  test('line endings can be looked at all the same', async () => {
    await withWebview(state(textBody('a\nb\n', 'a\r\nb\r\n')), async (page) => {
      await page.getByRole('button', { name: 'Show Lines' }).click();
      await byId(page, 'diff-rows').waitFor();
      assert.deepEqual(await page.locator('.eol').allTextContents(), ['LF', 'CRLF', 'LF', 'CRLF']);
    });
  });

  test('a failure can be tried again', async () => {
    await withWebview(state({ kind: 'failed', message: 'x' }), async (page, harness) => {
      await page.getByRole('button', { name: 'Try Again' }).click();
      await harness.waitForSent((message) => message.type === 'action' && message.action === 'reload');
    });
  });

  test('changes that are not of these texts are not passed off as theirs', async () => {
    const body = { ...textBody('a\nb\nc\n', 'a\nx\nc\n'), left: 'a\nb\nc\nd\n' } as Body;
    await withWebview(state(body), async (page) => {
      assert.match((await byId(page, 'diff-message').textContent()) ?? '', /written while it was being compared/);
    });
  });

  test('too many lines, which no browser could scroll', async () => {
    await withWebview(state(textBody('', '\n'.repeat(400_001))), async (page) => {
      assert.match((await byId(page, 'diff-message').textContent()) ?? '', /Too large/);
    });
  });
});

describe('the place', () => {
  test('is found again when the webview is made anew', async () => {
    await withWebview(farApart, async (page, harness) => {
      await byId(page, 'fold').nth(1).getByRole('button', { name: 'Show the First 20' }).click();
      await page.keyboard.press('F7');
      const top = `${scroller}.scrollTop`;
      const before = await page.evaluate<number>(top);
      assert(before > 0);
      await harness.waitForKept(({ place }) => place?.revealed.length === 1 && place.active?.line === 150);
      await page.reload();
      await harness.setTheme('dark');
      await harness.show({ ...farApart, body: { kind: 'loading' } });
      await harness.show(farApart);
      await byId(page, 'diff-rows').waitFor();
      assert.equal(await page.evaluate<number>(top), before);
      assert.equal(await byId(page, 'change-counter').textContent(), '2 of 2');
      await page.getByText('63 unchanged lines').waitFor();
    });
  });

  test('stays when the file changes below it', async () => {
    await withWebview(farApart, async (page, harness) => {
      await page.keyboard.press('F7');
      const row = page.locator('[aria-label^="Line 149:"]');
      const before = await row.boundingBox();
      const right = lines(200, (line, at) => ([60, 150, 199].includes(at) ? `${line} // new` : line));
      await harness.post({ type: 'state', state: { ...farApart, body: textBody(lines(200), right) } });
      await page.getByText('2 of 3').waitFor();
      assert.deepEqual(await row.boundingBox(), before);
    });
  });
});

describe('high contrast', () => {
  test('borders say what colours say elsewhere', async () => {
    const shown = state(textBody('let size = 1;\n', 'let size = 2;\n'));
    await withWebview(
      shown,
      async (page) => {
        assert.equal(await style(page, '.added .mark', 'outline-color'), 'rgb(51, 255, 46)');
        assert.equal(await style(page, '.header', 'border-bottom-color'), 'rgb(111, 195, 223)');
      },
      { theme: 'hc' },
    );
  });
});
