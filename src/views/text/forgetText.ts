import type { TimeText } from './timeText';
import type { Translate } from './versionText';

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
export function describePlan({ versions, files, isCut }: NamedPlan, time: TimeText, t: Translate): string {
  const count = versions === 1 ? t('1 version') : t('{0} versions', time.count(versions));
  const only = files.length === 1 ? files[0] : undefined;
  if (only && !isCut) return t('{0} of {1}', count, only.name);
  const many = time.count(files.length);
  return isCut ? t('{0} of more than {1} files', count, many) : t('{0} of {1} files', count, many);
}

/** The whole list as a document. */
export function forgetReport(plan: NamedPlan, what: string, time: TimeText, t: Translate): string {
  const { files, isCut, onDisk } = plan;
  return [
    t('What Will Be Deleted'),
    '',
    t('Selected: {0}', what),
    describePlan(plan, time, t),
    '',
    ...files.map(({ name, versions }) => `${time.count(versions).padStart(8)}  ${name}`),
    ...(isCut ? [t('… and more files, which are not listed here.')] : []),
    ...(onDisk.length === 0
      ? []
      : ['', t('On disk now, will be recorded again:'), ...onDisk.map((name) => `          ${name}`)]),
    '',
  ].join('\n');
}
