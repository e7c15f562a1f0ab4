import type { FolderStatus } from '../../api/api';

/** What the sidebar is about: values of the context key `obby.state`. */
export type SidebarStateName =
  'noFolder' | 'unsupported' | 'noRules' | 'starting' | 'paused' | 'failed' | 'empty' | 'ready';

/** What File History is about while the sidebar is `empty` or `ready`: values of `obby.fileState`. */
export type FileStateName = 'loading' | 'noEditor' | 'outside' | 'notWatched' | 'noVersions' | 'listed' | 'failed';

type StatusFacts = Pick<FolderStatus, 'state' | 'versions'>;

/** When no folder is recording, the first of these decides: what needs the person most. */
const byUrgency = [
  ['failed', 'failed'],
  ['paused', 'paused'],
  ['starting', 'starting'],
  ['no rules', 'noRules'],
  ['unsupported', 'unsupported'],
] as const;

/** One name for a window of several folders. */
export function sidebarStateOf(statuses: readonly StatusFacts[]): SidebarStateName {
  if (statuses.length === 0) return 'noFolder';
  const isWatching = statuses.some(({ state }) => state === 'watching');
  if (isWatching) return statuses.some(({ versions }) => versions > 0) ? 'ready' : 'empty';
  const found = byUrgency.find(([state]) => statuses.some((status) => status.state === state));
  return found?.[1] ?? 'unsupported';
}
