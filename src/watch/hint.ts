export type HintKind = 'created' | 'changed' | 'deleted';

/** A path that may have changed; relative to the workspace folder, with `/`. */
export interface PathHint {
  readonly path: string;
  readonly hint: HintKind;
}
