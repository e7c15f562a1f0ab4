import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { seed } from '../support/chance';
import fc from '../support/properties';
import type { Browser, Locator, Page } from 'playwright-core';
import type { DiffState } from '../../src/webview/protocol';
import { byId, lines, scroller, state, textBody, withDiffPage, type UseWebview } from '../support/diffPage';
import {
  clipboardText,
  copyByKey,
  dragBetween,
  lineOn,
  paintedText,
  pointIn,
  scrollToPart,
  type SideOfDiff,
} from '../support/diffSelection';
import { launchBrowser } from '../support/host/browser';
import type { HarnessOptions } from '../support/webviewHarness';

let browser: Browser;
before(async () => (browser = await launchBrowser(process.env)));
after(() => browser.close());

const withWebview = (shown: DiffState, use: UseWebview, options?: HarnessOptions): Promise<void> =>
  withDiffPage(browser, shown, use, options);

async function clickIn(target: Locator, text = '', index = 0): Promise<void> {
  const { x, y } = await pointIn(target, text, index);
  await target.page().mouse.click(x, y);
}

/** Clicks where the pointer is, with keys held down. */
async function pressWith(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.down(key);
  await page.mouse.down();
  await page.mouse.up();
  for (const key of keys) await page.keyboard.up(key);
}

/** What a menu of VS Code does, or a key that VS Code handles itself. */
function execCommand(page: Page, command: 'copy' | 'selectAll'): Promise<boolean> {
  return page.evaluate<boolean>(`document.execCommand('${command}')`);
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

describe('a dragged selection', () => {
  test('is copied with its empty lines, tabs and line endings, from its own side', async () => {
    const [left, right] = ['\tone 1;\r\n\r\n\r\n\ttwo 1;\r\nend\r\n', '\tone 2;\n\n\n\ttwo 2;\nend\n'];
    await withWebview(state(textBody(left, right)), async (page) => {
      for (const [side, number, end] of [
        ['left', 1, '\r\n'],
        ['right', 2, '\n'],
      ] as const) {
        const from = await pointIn(lineOn(page, side, 0), '\tone', 2);
        await dragBetween(page, from, await pointIn(lineOn(page, side, 3), '\ttwo 1;', 4));
        assert.equal(await copyByKey(page), `ne ${number};${end}${end}${end}\ttwo`);
        assert.deepEqual(await paintedText(page), [`ne ${number};⏎`, '⏎', '⏎', '\ttwo']);
      }
    });
  });

  test('stays on the side where it began', async () => {
    const [left, right] = ['one\ntwo\nthree\n', 'ONE\nTWO\nTHREE\nFOUR\n'];
    await withWebview(state(textBody(left, right)), async (page) => {
      const [onLeft, onRight] = [lineOn(page, 'left', 0), lineOn(page, 'right', 3)];
      await dragBetween(page, await pointIn(onLeft, 'one', 1), await pointIn(onRight, 'FOUR', 2));
      assert.equal(await copyByKey(page), 'ne\ntwo\nthree\n');
      await dragBetween(page, await pointIn(onRight, 'FOUR', 2), await pointIn(onLeft, 'one', 1));
      assert.equal(await copyByKey(page), right.slice(0, -3));
    });
  });

  test('has the folded lines inside, and shows it', async () => {
    const text = crlf(lines(60, (line, at) => (at % 7 === 0 ? '' : line)));
    const right = text.replace('line10 ', 'line10x ').replace('line50 ', 'line50x ');
    await withWebview(state(textBody(text, right)), async (page) => {
      const shown = lineOn(page, 'right', 12);
      await dragBetween(page, await pointIn(shown, 'const', 3), await pointIn(lineOn(page, 'right', 50), 'const', 5));
      const expected = right.slice(right.indexOf('st line12'), right.indexOf(' line50x'));
      assert.equal(await copyByKey(page), expected);
      assert.equal(await page.locator('.row.folded.selected').count(), 1);
      // Into a fold: its upper half is before the lines, its lower half after them.
      const fold = await byId(page, 'fold').nth(1).boundingBox();
      assert(fold);
      await dragBetween(page, await pointIn(shown, 'const', 3), { x: fold.x + 400, y: fold.y + fold.height - 3 });
      assert.equal(await copyByKey(page), right.slice(right.indexOf('st line12'), right.indexOf('const line47')));
      await dragBetween(page, await pointIn(shown, 'const', 3), { x: fold.x + 400, y: fold.y + 3 });
      assert.equal(await copyByKey(page), right.slice(right.indexOf('st line12'), right.indexOf('\r\nconst line15')));
    });
  });

  test('has signs as what they are, not as what is drawn for them', async () => {
    const right = 'z\ufeffa\u202eb\x1b[0m\u200b\n👍🏽\u00a0x\u{e0041}y\n';
    await withWebview(state(textBody('a\n', right)), async (page) => {
      const first = lineOn(page, 'right', 0);
      const [start, end] = [await first.boundingBox(), await lineOn(page, 'right', 1).boundingBox()];
      assert(start && end);
      const beyond = { x: end.x + end.width + 30, y: end.y + 5 };
      await dragBetween(page, { x: start.x, y: start.y + 5 }, beyond);
      assert.equal(await copyByKey(page), right.slice(0, -1));
      const symbol = await first.locator('.symbol', { hasText: 'U+202E' }).boundingBox();
      assert(symbol);
      await dragBetween(page, { x: symbol.x + symbol.width - 2, y: symbol.y + 3 }, beyond);
      assert.equal(await copyByKey(page), right.slice(right.indexOf('b'), -1));
      await dragBetween(page, { x: symbol.x + 2, y: symbol.y + 3 }, beyond);
      assert.equal(await copyByKey(page), right.slice(right.indexOf('\u202e'), -1));
    });
  });

  test('has all of a line that is too long to be shown', async () => {
    const long = `${'x'.repeat(15_000)}a${'y'.repeat(15_000)}`;
    await withWebview(state(textBody(`${long}\nend\n`, `${long.replace('a', 'b')}\nend\n`)), async (page) => {
      const cut = lineOn(page, 'left', 0).locator('.cut').first();
      const hidden = Number(/\d+/.exec((await cut.textContent()) ?? '')?.[0]);
      assert(hidden > 10_000);
      await page.evaluate(`${scroller}.scrollLeft = 0`);
      const box = await cut.boundingBox();
      assert(box);
      const end = await pointIn(lineOn(page, 'left', 1), 'end', 2);
      await dragBetween(page, { x: box.x + 2, y: box.y + 5 }, end);
      assert.equal(await copyByKey(page), `${long}\nen`);
      await dragBetween(page, { x: box.x + box.width + 3, y: box.y + 5 }, end);
      assert.equal(await copyByKey(page), `${long.slice(hidden)}\nen`);
    });
  });
});

describe('a selection whose ends are out of sight', () => {
  const [left, right] = [lines(3000), lines(3000, (line) => `${line}!`)];
  const long = state(textBody(left, right));

  test('is copied whole', async () => {
    await withWebview(long, async (page) => {
      const { x, y } = await pointIn(lineOn(page, 'left', 1), 'const', 2);
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 30, y + 40);
      for (const line of [500, 1500, 2500]) {
        await page.evaluate(`${scroller}.scrollTop = ${line} * document.querySelector('.row').offsetHeight`);
        await page.locator(`[aria-label^="Removed line ${line + 1}:"]`).waitFor();
      }
      const end = await pointIn(lineOn(page, 'left', 2510), 'const', 4);
      await page.mouse.move(end.x, end.y);
      await page.mouse.up();
      const expected = left.slice(left.indexOf('nst line1 '), left.indexOf('t line2510 '));
      assert.equal(await copyByKey(page), expected);
      // Scrolled on, no row of the selection's ends is drawn; back again, it is shown as before.
      await page.evaluate(`${scroller}.scrollTop = 0`);
      await page.locator('[aria-label^="Removed line 1:"]').waitFor();
      assert.equal(await copyByKey(page), expected);
      assert.deepEqual((await paintedText(page)).slice(0, 2), ['nst line1 = 1;⏎', 'const line2 = 2;⏎']);
    });
  });

  test('grows while the pointer is held beside the text', async () => {
    await withWebview(long, async (page) => {
      await page.evaluate(`${scroller}.scrollTop = 300 * document.querySelector('.row').offsetHeight`);
      await page.locator('[aria-label^="Removed line 301:"]').waitFor();
      const { x, y } = await pointIn(lineOn(page, 'right', 305), 'const', 2);
      await page.mouse.move(x, y);
      await page.mouse.down();
      const atTop = page.evaluate(`new Promise((resolve) => ${scroller}.addEventListener('scroll', () => {
        if (${scroller}.scrollTop === 0) resolve();
      })).then(() => undefined)`);
      // Over the header.
      await page.mouse.move(x, 4);
      await atTop;
      await page.mouse.up();
      assert.equal(await copyByKey(page), right.slice(2, right.indexOf('nst line305 ')));
    });
  });
});

describe('random selections', () => {
  test('are copied as the text has them', async (t) => {
    t.diagnostic(`seed ${seed}`);
    const words = fc.constantFrom('', '', 'let a = 1;', '\tif (b)', 'x', '  end  ', '\t\tdeep(1, 2)', '// note');
    const ending = fc.constantFrom('\n', '\n', '\r\n');
    const line = fc.tuple(words, ending).map((parts) => parts.join(''));
    const text = fc.array(line, { minLength: 300, maxLength: 400 });
    const [before = [], added = []] = fc.sample(text, { seed, numRuns: 2 });
    // Changes near to and far from each other.
    const after = before.flatMap((whole, at) => (at % 41 < 3 ? [added[at] ?? '\n'] : at % 97 === 50 ? [] : [whole]));
    const places = fc.array(
      fc.record({ part: fc.double({ min: 0, max: 1, noNaN: true }), line: fc.nat(), index: fc.nat() }),
      {
        minLength: 2,
        maxLength: 2,
      },
    );
    const selections = fc.record({ side: fc.constantFrom('left', 'right'), isDrag: fc.boolean(), places });
    await withWebview(state(textBody(before.join(''), after.join(''))), async (page) => {
      for (const selection of fc.sample(selections, { seed, numRuns: 30 })) {
        const { side, isDrag } = selection;
        const whole = side === 'left' ? before : after;
        const ends: number[] = [];
        for (const { part, line, index } of selection.places) {
          const shown = await scrollToPart(page, side, part);
          const chosen = shown[line % shown.length] ?? 0;
          const content = (whole[chosen] ?? '').replace(/\r?\n$/, '');
          const at = index % (content.length + 1);
          ends.push(whole.slice(0, chosen).join('').length + at);
          const { x, y } = await pointIn(lineOn(page, side, chosen), content, at);
          await page.mouse.move(x, y);
          if (isDrag && ends.length === 1) await page.mouse.down();
          else if (isDrag) await page.mouse.up();
          else await pressWith(page, ends.length === 1 ? [] : ['Shift']);
        }
        const [start = 0, end = 0] = ends.sort((a, b) => a - b);
        if (start < end)
          assert.equal(await copyByKey(page), whole.join('').slice(start, end), JSON.stringify(selection));
      }
    });
  });
});

describe('everything', () => {
  const [left, right] = [
    crlf(lines(200)),
    `${lines(200, (line, at) => (at === 0 || at % 90 === 60 ? `${line}\n` : line))}end`,
  ];
  const far = textBody(left, right);
  const side = (page: Page, name: SideOfDiff, line: number): Locator => lineOn(page, name, line);

  test('is all of the right side, and of the left one after a click there', async () => {
    await withWebview(state(far), async (page) => {
      await page.keyboard.press('Control+A');
      assert.equal(await copyByKey(page), right);
      await clickIn(side(page, 'left', 0));
      await page.keyboard.press('Control+A');
      assert.equal(await copyByKey(page), left);
      await page.getByRole('button', { name: 'Show All Unchanged Lines' }).click();
      await page.keyboard.press('Control+A');
      assert.equal(await copyByKey(page), left);
      assert.equal(await byId(page, 'announcement').textContent(), '200 lines selected');
    });
  });

  test('is that also when VS Code selects and copies', async () => {
    await withWebview(state(far), async (page) => {
      await clickIn(side(page, 'left', 0));
      await execCommand(page, 'selectAll');
      assert(await execCommand(page, 'copy'));
      assert.equal(await clipboardText(page), left);
    });
  });

  test('of 50,000 lines is copied in an instant', async () => {
    const big = lines(50_000);
    await withWebview(state(textBody(big, big.replaceAll('0;', '1;'))), async (page) => {
      await clickIn(side(page, 'left', 0));
      const copy = (): Promise<number> =>
        page.evaluate<number>(`new Promise((resolve) => {
          const startedAt = performance.now();
          document.addEventListener('copy', () => queueMicrotask(() => resolve(performance.now() - startedAt)), { once: true });
          document.execCommand('selectAll');
          document.execCommand('copy');
        })`);
      // The shortest is what it takes; others may have waited for the machine.
      const took = Math.min(await copy(), await copy(), await copy());
      assert(took < 200, `${took} ms`);
      assert.equal(await clipboardText(page), big);
    });
  });
});

describe('unified', () => {
  const [left, right] = ['same\r\n\r\nold\r\nold too\r\ntail\r\n', 'same\n\nnew\n\ntail\n'];
  const unified = state(textBody(left.replaceAll('\r', ''), right), { layout: 'unified' });
  const code = (page: Page, label: string): Locator => page.locator(`[aria-label^="${label}:"] .line`);

  test('a selection is of the new text, and of the old one when it begins in a removed line', async () => {
    await withWebview(unified, async (page) => {
      await dragBetween(
        page,
        await pointIn(code(page, 'Line 1'), 'same', 2),
        await pointIn(code(page, 'Line 5'), 'tail', 2),
      );
      assert.equal(await copyByKey(page), 'me\n\nnew\n\nta');
      assert.deepEqual(await paintedText(page), ['me⏎', '⏎', 'new⏎', '⏎', 'ta']);
      await dragBetween(
        page,
        await pointIn(code(page, 'Removed line 4'), 'old', 3),
        await pointIn(code(page, 'Line 1'), 'same', 1),
      );
      assert.equal(await copyByKey(page), 'ame\n\nold\nold');
      assert.deepEqual(await paintedText(page), ['ame⏎', '⏎', 'old⏎', 'old']);
      await page.keyboard.press('Control+A');
      assert.equal(await copyByKey(page), left.replaceAll('\r', ''));
      await clickIn(code(page, 'Added line 3'));
      await page.keyboard.press('Control+A');
      assert.equal(await copyByKey(page), right);
    });
  });

  test('a selection stays when the layout changes', async () => {
    await withWebview(unified, async (page) => {
      const from = await pointIn(code(page, 'Removed line 3'), 'old', 1);
      await dragBetween(page, from, await pointIn(code(page, 'Line 5'), 'tail', 2));
      await page.getByRole('button', { name: 'Show Side by Side' }).click();
      await page.getByRole('button', { name: 'Show Unified' }).waitFor();
      assert.equal(await copyByKey(page), 'ld\nold too\nta');
      assert.deepEqual(await paintedText(page), ['ld⏎', 'old too⏎', 'ta']);
    });
  });
});

describe('the keyboard', () => {
  test('selects from where the last click was', async () => {
    const right = 'let one = 1;\n\n\tlet two = 2;\nend\n';
    await withWebview(state(textBody('', right)), async (page) => {
      const pressed = async (...keys: readonly string[]): Promise<string> => {
        for (const key of keys) await page.keyboard.press(key);
        return copyByKey(page);
      };
      await clickIn(lineOn(page, 'right', 0), right, 4);
      assert.equal(await pressed('Shift+ArrowRight', 'Shift+ArrowRight'), 'on');
      assert.equal(await pressed('Shift+Control+ArrowRight'), 'one');
      assert.equal(await pressed('Shift+End'), 'one = 1;');
      assert.equal(await pressed('Shift+ArrowDown'), 'one = 1;\n');
      assert.equal(await pressed('Shift+ArrowDown'), 'one = 1;\n\n\tlet two ');
      assert.equal(await pressed('Shift+Home'), 'one = 1;\n\n');
      assert.equal(await byId(page, 'announcement').textContent(), '3 lines selected');
      assert.equal(await pressed('Shift+Control+End'), right.slice(4));
      assert.equal(await pressed('Shift+Control+Home'), 'let ');
      assert.equal(await byId(page, 'announcement').textContent(), '4 characters selected');
      assert.equal(await pressed('ArrowDown', 'ArrowDown', 'Shift+ArrowDown'), '\tlet two = 2;\n');
      await page.keyboard.press('Escape');
      assert.deepEqual(await paintedText(page), []);
    });
  });

  test('goes to the other side', async () => {
    await withWebview(state(textBody('old\nend\n', 'new\nend\n')), async (page) => {
      await byId(page, 'diff-rows').focus();
      for (const key of ['Home', 's', 'Shift+ArrowDown']) await page.keyboard.press(key);
      assert.equal(await copyByKey(page), 'old\n');
      await page.keyboard.press('s');
      assert.equal(await byId(page, 'announcement').textContent(), 'Right side');
      await page.keyboard.press('Control+A');
      assert.equal(await copyByKey(page), 'new\nend\n');
    });
  });

  test('scrolls to where the selection ends', async () => {
    const text = `${'x'.repeat(300)}\n${lines(300)}`;
    await withWebview(state(textBody('', text)), async (page) => {
      await clickIn(lineOn(page, 'right', 0));
      await page.keyboard.press('Shift+End');
      assert((await page.evaluate<number>(`${scroller}.scrollLeft`)) > 1000);
      for (let page_ = 0; page_ < 3; page_++) await page.keyboard.press('Shift+PageDown');
      assert((await page.evaluate<number>(`${scroller}.scrollTop`)) > 600);
      const active = await byId(page, 'diff-rows').getAttribute('aria-activedescendant');
      const row = Number(active?.slice('row-'.length));
      assert.equal(
        await copyByKey(page),
        text
          .split('\n')
          .slice(0, row + 1)
          .join('\n'),
      );
    });
  });
});

describe('clicks', () => {
  test('select a word, a line, and up to another place', async () => {
    const text = 'let total_sum = 1;\r\nend\r\n';
    await withWebview(state(textBody('', text)), async (page) => {
      const { x, y } = await pointIn(lineOn(page, 'right', 0), text, 6);
      await page.mouse.dblclick(x, y);
      assert.equal(await copyByKey(page), 'total_sum');
      await page.keyboard.press('Shift+ArrowLeft');
      assert.equal(await copyByKey(page), 'total_su');
      await page.mouse.click(x, y, { clickCount: 3 });
      assert.equal(await copyByKey(page), 'let total_sum = 1;\r\n');
      const end = await pointIn(lineOn(page, 'right', 1), 'end', 1);
      await page.mouse.move(end.x, end.y);
      await pressWith(page, ['Shift']);
      assert.equal(await copyByKey(page), 'let total_sum = 1;\r\ne');
      await page.mouse.click(end.x, end.y, { button: 'right' });
      assert.equal(await copyByKey(page), 'let total_sum = 1;\r\ne');
    });
  });

  test('that select nothing leave the clipboard as it is', async () => {
    await withWebview(state(textBody('', 'one\ntwo\n')), async (page) => {
      await page.keyboard.press('Control+A');
      await copyByKey(page);
      await clickIn(lineOn(page, 'right', 1), 'two', 1);
      assert.equal(await copyByKey(page), 'one\ntwo\n');
    });
  });
});

describe('words outside the text', () => {
  test('are copied when they are what is selected', async () => {
    await withWebview(state(textBody('one\n', 'two\n')), async (page) => {
      await page.keyboard.press('Control+A');
      const path = await byId(page, 'diff-path').locator('.path-name').boundingBox();
      const row = await lineOn(page, 'left', 0).boundingBox();
      assert(path && row);
      await page.mouse.dblclick(path.x + 10, path.y + 5);
      assert.equal(await copyByKey(page), 'main');
      assert.deepEqual(await paintedText(page), []);
      await dragBetween(page, { x: path.x + 1, y: path.y + 5 }, { x: row.x + 20, y: row.y + 5 });
      assert.doesNotMatch(await copyByKey(page), /one/);
      await page.keyboard.press('Control+A');
      assert.equal(await copyByKey(page), 'two\n');
    });
  });
});

describe('a selection', () => {
  test('stays when the webview is made anew, and when the other side changes', async () => {
    const shown = state(textBody('one\ntwo\n', 'one\nTWO\n'));
    await withWebview(shown, async (page, harness) => {
      const from = await pointIn(lineOn(page, 'left', 0), 'one', 1);
      await dragBetween(page, from, await pointIn(lineOn(page, 'left', 1), 'two', 2));
      await harness.waitForKept(({ place }) => place?.selection?.focus === 6);
      await page.reload();
      await harness.setTheme('dark');
      await harness.show(shown);
      await byId(page, 'diff-rows').waitFor();
      assert.equal(await copyByKey(page), 'ne\ntw');
      await harness.post({ type: 'state', state: { ...shown, body: textBody('one\ntwo\n', 'one\nTHREE\n') } });
      await page.getByText('THREE').waitFor();
      assert.deepEqual(await paintedText(page), ['ne⏎', 'tw']);
      await harness.post({ type: 'state', state: { ...shown, body: textBody('zero\ntwo\n', 'one\nTHREE\n') } });
      await page.getByText('zero').waitFor();
      assert.deepEqual(await paintedText(page), []);
    });
  });
});
