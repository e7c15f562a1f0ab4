import type { DisasterResult } from './result';

const header = ['Loss', 'Reported in', 'Obby', 'Bytes lost', 'Steps', 'VS Code'];

/** A Markdown table, one row for each disaster, and a total. */
export function disasterTable(results: readonly DisasterResult[]): string {
  const rows = [header, ...results.map(rowOf), totalOf(results)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => lineOf(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  lines.splice(1, 0, lineOf(widths.map((width) => '-'.repeat(width))));
  return lines.join('\n');
}

function rowOf(result: DisasterResult): string[] {
  const { name, report, files, recovered, bytesLost, steps, inLocalHistory } = result;
  return [name, report, `${recovered} of ${files}`, `${bytesLost}`, `${steps}`, `${inLocalHistory} of ${files}`];
}

function totalOf(results: readonly DisasterResult[]): string[] {
  const sum = (of: (result: DisasterResult) => number): number => results.reduce((total, each) => total + of(each), 0);
  const files = sum((each) => each.files);
  return [
    `${results.length} losses`,
    '',
    `${sum((each) => each.recovered)} of ${files}`,
    `${sum((each) => each.bytesLost)}`,
    `${sum((each) => each.steps)}`,
    `${sum((each) => each.inLocalHistory)} of ${files}`,
  ];
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

const begin = '<!-- disasters:begin -->';
const end = '<!-- disasters:end -->';

/** A text with the table between its two markers. */
export function withTable(text: string, table: string): string {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`There are no lines ${begin} and ${end}.`);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}
