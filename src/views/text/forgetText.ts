import * as l10n from '@vscode/l10n';
import type { TimeText } from './timeText';
import { fileCount, versionCount } from './countText';

/** What will be forgotten, in words. */
export interface NamedPlan {
  readonly versions: number;
  readonly files: readonly { readonly name: string; readonly versions: number }[];
  readonly isCut: boolean;
  /** Names of files that would be recorded again. */
  readonly onDisk: readonly string[];
  /** The first files, one a line. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/** `12 versions of 3 files`. */
export function describePlan({ versions, files, isCut }: NamedPlan, time: TimeText): string {
  const count = versionCount(versions, time);
  const only = files.length === 1 ? files[0] : undefined;
  if (only && !isCut) return l10n.t('{0} of {1}', count, only.name);
  if (isCut) return l10n.t('{0} of more than {1} files', count, time.count(files.length));
  return l10n.t('{0} of {1}', count, fileCount(files.length, time));
}

/** The whole list as a document. */
export function forgetReport(plan: NamedPlan, what: string, time: TimeText): string {
  const { files, isCut, onDisk } = plan;
  return [
    l10n.t('What Will Be Deleted'),
    '',
    l10n.t('Selected: {0}', what),
    describePlan(plan, time),
    '',
    ...files.map(({ name, versions }) => `${time.count(versions).padStart(8)}  ${name}`),
    ...(isCut ? [l10n.t('… and more files, which are not listed here.')] : []),
    ...(onDisk.length === 0
      ? []
      : ['', l10n.t('On disk now, will be recorded again:'), ...onDisk.map((name) => `          ${name}`)]),
    '',
  ].join('\n');
}
