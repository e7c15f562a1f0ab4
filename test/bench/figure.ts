/** What is measured, and what it must keep to. */
export interface FigureKind {
  readonly name: string;
  /** Of the value; `×` for a ratio. */
  readonly unit: string;
  /** The most that the value may be; absent when it is only told. */
  readonly bound?: number;
  /** The bound is the least that the value may be. */
  readonly isLeast?: boolean;
}

/** What a measurement found. */
export interface Measured {
  readonly value: number;
  /** What the one we are compared with needed, and how many times that we did. */
  readonly peer?: number;
  readonly ratio?: number;
  /** What a reader must know to judge the value. */
  readonly note?: string;
}

/** A line of the report, as it is written to the JSON file. */
export interface Figure extends Omit<Measured, 'value'> {
  readonly name: string;
  /** Null when it could not be measured; the note says why. */
  readonly value: number | null;
  readonly unit: string;
  readonly bound: number | null;
  readonly holds: boolean;
}

/** What every measurement gets. */
export interface Bench {
  /** Smaller, so that all figures are there in under a minute; notes say so. */
  readonly isQuick: boolean;
  /** The git repository whose history is replayed. */
  readonly repo: string;
  /** Absolute path of a folder that is deleted at the end. */
  readonly folder: string;
  /** Absolute path of a folder for what is worth keeping until the next run. */
  readonly cacheDir: string;
  /** Says what takes a while. */
  readonly say: (message: string) => void;
}

/** Figures that are measured together. */
export interface Group {
  readonly kinds: readonly FigureKind[];
  /** Takes too long for every day: left out of a quick run unless it is asked for by name. */
  readonly isSlow?: boolean;
  /** By name, one for each kind that could be measured. */
  measure(bench: Bench): Promise<ReadonlyMap<string, Measured>>;
}

/** Compares what was measured with its bound. */
export function judge(kind: FigureKind, measured: Measured): Figure {
  const { name, unit, bound, isLeast = false } = kind;
  const holds = bound === undefined || (isLeast ? measured.value >= bound : measured.value <= bound);
  const { value, ...rest } = measured;
  return { name, value, unit, bound: bound ?? null, holds, ...rest };
}

/** A figure that is missing does not hold, whether it has a bound or not. */
export function missing({ name, unit, bound }: FigureKind, note: string): Figure {
  return { name, value: null, unit, bound: bound ?? null, holds: false, note };
}
