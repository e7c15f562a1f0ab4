import type { Command } from 'commander';
import { decode } from '../../diff/text';
import type { VersionRecord } from '../../model/version';
import type { CommandRun } from '../commandRun';
import { versionShape } from '../output/shapes';
import { safeLine, sizeWords } from '../output/words';
import { askedVersion, versionForms } from '../place/versionArgument';
import type { StartRun } from '../program';

export function addShow(program: Command, start: StartRun): void {
  program
    .command('show')
    .argument('<version>', versionForms)
    .description('Print the content of a version: to a file or a pipe byte by byte, on a terminal as text')
    .addHelpText(
      'after',
      '\nExamples:\n  obby show a.md~1\n  obby show a.md@14:32\n  obby show "a.md@yesterday 9:00" > old.md\n  obby show v1-0mqj0j6y0-w3k9c1-5',
    )
    .action((version: string) => start((run) => show(run, version)));
}

async function show(run: CommandRun, argument: string): Promise<void> {
  const asked = askedVersion(run, argument);
  await run.withHistory(asked.file, 'read', async (history, path) => {
    const version = await asked.find(history, path);
    const content = await history.ask.content(version.id);
    if (run.isJson) {
      const text = textOf(content);
      const shown = text === undefined ? { base64: Buffer.from(content).toString('base64') } : { text };
      await run.print({ json: { version: versionShape(version), ...shown }, lines: [] });
    } else if (run.io.isOutputTerminal) await showText(run, version, content);
    else await run.io.write(content);
  });
}

/** Text of UTF-8 that comes back as the same bytes. */
function textOf(content: Uint8Array): string | undefined {
  const text = Buffer.from(content).toString('utf8');
  return Buffer.from(text).equals(content) ? text : undefined;
}

async function showText(run: CommandRun, version: VersionRecord, content: Uint8Array): Promise<void> {
  const decoded = decode(content);
  if (decoded) {
    const lines = decoded.text.split(/\r\n|\r|\n/);
    await run.print({ json: undefined, lines: (lines.at(-1) === '' ? lines.slice(0, -1) : lines).map(safeLine) });
  } else run.tell(`${version.path} is no text (${sizeWords(version.size)}). Write it to a file: obby show … > FILE`);
}
