import type { Page } from 'playwright-core';

/**
 * The words on a page that a reader cannot see whole: they are outside the page or an element that cuts them off. An
 * ellipsis is allowed where a tooltip has the whole. The compared lines themselves scroll.
 */
export function cutWords(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const cuts = (style) => [style.overflowX, style.overflowY].some((value) => value !== 'visible');
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const words = node.textContent.trim();
      const parent = node.parentElement;
      if (words === '' || parent.closest('script, [hidden], .line, .announcement, .probe, .fold-heading')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
      if (boxes.length === 0) continue;
      const left = Math.min(...boxes.map((box) => box.left));
      const right = Math.max(...boxes.map((box) => box.right));
      const top = Math.min(...boxes.map((box) => box.top));
      const bottom = Math.max(...boxes.map((box) => box.bottom));
      for (let holder = parent; holder; holder = holder.parentElement) {
        const box = holder.getBoundingClientRect();
        const style = getComputedStyle(holder);
        const cutsLines = style.overflowY === 'hidden' || style.overflowY === 'clip';
        if (cutsLines && (top < box.top - 3 || bottom > box.bottom + 3)) found.push(words + ' is cut in height');
        if (style.textOverflow === 'ellipsis' && holder.closest('[title]')) break;
        const isLimit = cuts(style) || holder.matches('button, .card, .fact, .tile, .warning, .message, .side, .title, body');
        if (isLimit && (left < box.left - 1 || right > box.right + 1)) {
          found.push(words + ' in ' + (holder.className || holder.tagName) + ': ' + Math.round(right - box.right) + ' px');
          break;
        }
      }
    }
    const wider = document.documentElement.scrollWidth - innerWidth;
    return wider > 0 ? [...found, 'the page is ' + wider + ' px too wide'] : found;
  })()`);
}
