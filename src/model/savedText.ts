/** A text as an editor saved it. */
export interface SavedText {
  readonly text: string;
  /** VS Code's name for the encoding in which it was written, where VS Code tells. */
  readonly encoding?: string;
}
