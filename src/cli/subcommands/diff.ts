import type { Command } from 'commander';
import type { DiffSource } from '../../engine/engine';
import type { ContentComparison } from '../../model/diff';
import type { VersionRecord } from '../../model/version';
import type { CommandRun } from '../commandRun';
import { versionShape } from '../output/shapes';
import { safeLine, safePath } from '../output/words';
import { absolutePath, aWhole } from '../place/arguments';
import type { CommandHistory } from '../place/openedHistory';
import { askedVersion, versionForms } from '../place/versionArgument';
import type { StartRun } from '../program';

interface DiffArguments {
  readonly unified?: number;
}

export function addDiff(program: Command, start: StartRun): void {
  program
    .command('diff')
    .argument('<a>', versionForms)
    .argument('[b]', 'another version of the same history; default: the present file')
    .description('Compare two versions, or a version with the present file, as a patch that git apply accepts')
    .option('-U, --unified <lines>', 'lines of context, default 3', aWhole)
    .addHelpText(
      'after',
      '\nExamples:\n  obby diff a.md~1\n  obby diff a.md@yesterday a.md\n  obby diff a.md~5 | git apply -R',
    )
    .action((a: string, b: string | undefined, options: DiffArguments) => start((run) => diff(run, a, b, options)));
}

async function diff(run: CommandRun, a: string, b: string | undefined, { unified }: DiffArguments): Promise<void> {
  const asked = askedVersion(run, a);
  await run.withHistory(asked.file, 'read', async (history, path) => {
    const { key: folder, ask, engine } = history;
    const left = await asked.find(history, path);
    const right = b === undefined ? undefined : await otherVersion(run, history, b);
    const present = await ask.pathOf(left.id);
    const file = b === undefined ? await presentFile(history, present) : undefined;
    const comparison = await engine.compare(
      sourceOf(folder, left),
      right ? sourceOf(folder, right) : (file ?? { nothing: present }),
      unified === undefined ? {} : { context: unified },
    );
    await printComparison(run, { left, right, present }, comparison);
  });
}

function otherVersion(run: CommandRun, history: CommandHistory, argument: string): Promise<VersionRecord> {
  const asked = askedVersion(run, argument);
  const path = asked.file === undefined ? '' : history.pathOf(absolutePath(run.cwd, asked.file));
  return asked.find(history, path);
}

/** Undefined when there is no file now. */
async function presentFile({ ask, key: folder }: CommandHistory, path: string): Promise<DiffSource | undefined> {
  try {
    await ask.hash(path);
    return { folder, file: path };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'notFound') return undefined;
    throw error;
  }
}

function sourceOf(folder: string, { id, kind, path }: VersionRecord): DiffSource {
  return kind === 'deleted' ? { nothing: path } : { folder, version: id };
}

interface Sides {
  readonly left: VersionRecord;
  readonly right: VersionRecord | undefined;
  readonly present: string;
}

async function printComparison(run: CommandRun, sides: Sides, { diff: found }: ContentComparison): Promise<void> {
  const { patch, added, removed, binary, tooLarge, identical, eolOnly, encodingOnly } = found;
  const { left, right, present } = sides;
  const facts = { added, removed, binary, tooLarge, identical, eolOnly, encodingOnly };
  const shown = { a: versionShape(left), b: right ? versionShape(right) : { path: present }, ...facts, patch };
  const note = binary ? 'is no text' : tooLarge ? 'is too large to compare' : undefined;
  if (note !== undefined && !identical && !run.isJson) run.tell(`${safePath(left.path)} ${note}. The contents differ.`);
  // A pipe gets the exact patch, so that it can be applied.
  if (!run.isJson && !run.io.isOutputTerminal && patch !== '') await run.io.write(patch);
  else
    await run.print({
      json: shown,
      lines: patch === '' ? [] : patch.replace(/\n$/, '').split('\n').map(colouredIn(run)),
    });
}

function colouredIn({ style }: CommandRun): (line: string) => string {
  return (line) => {
    const safe = safeLine(line.replace(/\r$/, ''));
    if (/^(---|\+\+\+|diff )/.test(line)) return style.bold(safe);
    if (line.startsWith('@@')) return style.cyan(safe);
    if (line.startsWith('+')) return style.green(safe);
    return line.startsWith('-') ? style.red(safe) : safe;
  };
}
