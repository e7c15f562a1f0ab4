import type { Layout } from '../protocol';
import { element } from '../dom';

/** Sizes of the editor's font, in px. */
export interface TextMetrics {
  readonly rowHeight: number;
  readonly columnWidth: number;
  readonly tabSize: number;
}

/** Rows also hold buttons. */
const minRowHeight = 18;
const probeLength = 200;

/** The columns before the text: the line numbers and the sign. The style sheet has the same widths. */
export function gutterColumns(layout: Layout, digits: number): number {
  const number = digits + 1.5;
  return (layout === 'unified' ? 2 * number : number) + 3;
}

/** Measures the editor's font. `lineHeight` is the setting: 0 for automatic, below 8 times the font size, else px. */
export function measureText(parent: HTMLElement, lineHeight: number, tabSize: number): TextMetrics {
  const probe = element('span', 'probe', '0'.repeat(probeLength));
  parent.append(probe);
  const fontSize = Number.parseFloat(getComputedStyle(probe).fontSize);
  const columnWidth = probe.getBoundingClientRect().width / probeLength;
  probe.remove();
  return { rowHeight: Math.max(minRowHeight, rowHeightOf(fontSize, lineHeight)), columnWidth, tabSize };
}

/** The row height that VS Code's editor computes from its setting. */
function rowHeightOf(fontSize: number, lineHeight: number): number {
  const golden = /mac/i.test(navigator.userAgent) ? 1.5 : 1.35;
  if (lineHeight <= 0) return Math.round(fontSize * golden);
  return Math.round(lineHeight < 8 ? fontSize * lineHeight : lineHeight);
}
