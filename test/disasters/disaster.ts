import type { Place } from './place';

/** A loss that people reported. */
export interface Disaster {
  readonly name: string;
  /** `owner/repo#number`. */
  readonly report: string;
  /** Work that it needs beyond that of every place; all of it is recorded before it strikes. */
  readonly prepare?: (place: Place) => Promise<unknown>;
  readonly strike: (place: Place) => Promise<unknown>;
}

/** A disaster that is a line of shell. */
export function byShell(name: string, report: string, line: string, prepare?: Disaster['prepare']): Disaster {
  return { name, report, ...(prepare && { prepare }), strike: ({ folder }) => folder.sh(line) };
}
