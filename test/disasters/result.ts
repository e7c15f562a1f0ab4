/** The environment variables that give the window its task. */
export const resultsVariable = 'OBBY_DISASTER_RESULTS';
export const userDataVariable = 'OBBY_DISASTER_USER_DATA';
export const onlyVariable = 'OBBY_DISASTER_ONLY';

/** What one disaster cost. */
export interface DisasterResult {
  readonly name: string;
  /** The public report of such a loss: `owner/repo#number`. */
  readonly report: string;
  /** Files that were lost. */
  readonly files: number;
  /** Files that Obby gave back byte by byte. */
  readonly recovered: number;
  /** Bytes of the files that Obby did not give back. */
  readonly bytesLost: number;
  /** Commands and clicks that it takes. */
  readonly steps: number;
  /** Files whose bytes are in VS Code's Local History. */
  readonly inLocalHistory: number;
  /** Names of the files that did not come back, and errors. */
  readonly problems: readonly string[];
}
