import { escapeUnprintable } from '../../base/unprintable';
import type { VersionRecord } from '../../model/version';
import { CauseText } from '../../views/text/causeText';
import { oneLine } from '../../views/text/displayText';
import { TimeText } from '../../views/text/timeText';
import type { Style } from './style';

const causeText = new CauseText(new TimeText({ now: () => Date.now() }, 'en'));

/** A local time that sorts: `2026-01-31 14:02:31`. */
export function localStamp(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** A path, so that a hostile name cannot steer the terminal. */
export function safePath(path: string): string {
  return escapeUnprintable(path);
}

/** A line of a file without its ending: tabs stay, what could steer a terminal is escaped. */
export function safeLine(line: string): string {
  return line.split('\t').map(escapeUnprintable).join('\t');
}

/** `save`, `likely npm run format`. */
export function causeWords(version: Pick<VersionRecord, 'cause' | 'causeDetail' | 'confidence'>): string {
  return causeText.short(version);
}

/** `+3 −1`, `deleted`, `renamed from a.md`. */
export function changeWords(version: VersionRecord, style: Style): string {
  const { kind, added = 0, removed = 0, renamedFrom, unstored, binary, size } = version;
  const parts = [
    kind === 'deleted' && style.red('deleted'),
    kind === 'created' && style.green('created'),
    renamedFrom !== undefined && `renamed from ${oneLine(renamedFrom)}`,
    unstored !== undefined && `not stored (${unstored})`,
    binary && kind !== 'deleted' && `binary, ${size} bytes`,
    added > 0 && style.green(`+${added}`),
    removed > 0 && style.red(`-${removed}`),
    version.eolOnly && 'line endings only',
    version.previousMode !== undefined && `mode ${octal(version.previousMode)} → ${octal(version.mode ?? 0)}`,
    version.pinned && 'pinned',
    version.label !== undefined && `label “${oneLine(version.label)}”`,
  ];
  return parts.filter((part) => part !== false).join(' ');
}

export function octal(mode: number): string {
  return mode.toString(8).padStart(3, '0');
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function sizeWords(bytes: number): string {
  const steps = [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const;
  const step = steps.find(([, size]) => bytes >= size);
  return step === undefined ? counted(bytes, 'byte') : `${(bytes / step[1]).toFixed(1)} ${step[0]}`;
}
