import type { Figure } from './figure';

/** The figures as a table for people. */
export function tableOf(figures: readonly Figure[]): string {
  const head = ['figure', 'value', 'unit', 'bound', 'holds', 'peer', 'ratio', ''];
  const rows = figures.map(({ name, value, unit, bound, holds, peer, ratio, note }) => [
    ...[name, numberText(value), unit, numberText(bound), bound === null && holds ? '' : holds ? 'yes' : 'NO'],
    ...[numberText(peer), numberText(ratio), note ?? ''],
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) => [1, 3, 5, 6].includes(column);
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => (isNumber(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

/** Four digits that count, and thousands set apart. */
function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined) return '';
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
