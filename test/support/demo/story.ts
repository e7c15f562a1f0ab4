import type { ClientEvent } from '../../../src/model/changeHint';
import { files } from './storyFiles';

/** What a demo workspace goes through, at a time before it is shown. */
export interface Step {
  readonly minutesAgo: number;
  /** New contents; `undefined` deletes. */
  readonly write?: Readonly<Record<string, string | undefined>>;
  readonly move?: { readonly from: string; readonly to: string };
  /** How an editor saves it; otherwise another program writes it. */
  readonly as?: Omit<Extract<ClientEvent, { type: 'save' }>, 'path' | 'saved'>;
}

const saved = { type: 'save', cause: 'save', causeDetail: { save: 'manual' }, confidence: 'certain' } as const;
const autoSaved = { type: 'save', cause: 'save', causeDetail: { save: 'auto' }, confidence: 'certain' } as const;

/** The files before anybody watched them. */
export const baseline: Readonly<Record<string, string>> = {
  '.obbywatch': files.watchRules,
  '.obbyignore': files.ignoreRules,
  'README.md': files.readme,
  'notes/todo.md': files.todo,
  'notes/names.md': files.names,
  'src/tides.ts': files.tides,
  'src/format.ts': files.format,
  'src/main.ts': files.main,
  'drafts/letter.md': files.letter,
  'build/tide-table.js': files.built,
};

/** Half an hour in a small project: people, a formatter and a script that goes too far. */
export const story: readonly Step[] = [
  { minutesAgo: 29, write: { 'notes/todo.md': files.todoStarted }, as: saved },
  { minutesAgo: 27, write: { 'src/tides.ts': files.tidesWithRange }, as: saved },
  { minutesAgo: 25, write: { 'src/tides.ts': files.tidesWithNext }, as: autoSaved },
  { minutesAgo: 24, write: { 'src/main.ts': files.mainWithNext }, as: saved },
  { minutesAgo: 18, write: files.formatted },
  { minutesAgo: 14, move: { from: 'src/format.ts', to: 'src/height.ts' } },
  { minutesAgo: 14, write: { 'src/main.ts': files.mainWithHeight }, as: saved },
  { minutesAgo: 9, write: { 'src/tides.ts': files.tidesGutted, 'notes/names.md': undefined } },
  { minutesAgo: 6, write: { 'notes/todo.md': files.todoDone }, as: saved },
  { minutesAgo: 2, write: { 'README.md': files.readmeWithUsage }, as: saved },
];
