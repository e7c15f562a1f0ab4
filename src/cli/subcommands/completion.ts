import type { Command } from 'commander';
import { completionScript, shells } from '../output/completionScripts';
import { oneOf } from '../place/arguments';
import type { StartRun } from '../program';

export function addCompletion(program: Command, start: StartRun): void {
  program
    .command('completion')
    .argument('<shell>', shells.join(', '))
    .description('Print a script that completes commands, options and paths in a shell')
    .addHelpText(
      'after',
      '\nExamples:\n  obby completion bash >> ~/.bashrc\n  obby completion zsh > ~/.zfunc/_obby\n  obby completion fish > ~/.config/fish/completions/obby.fish',
    )
    .action((given: string) =>
      start(async (run) => {
        const shell = oneOf('The shell', shells, given) ?? 'bash';
        const script = completionScript(shell, wordsOf(program));
        if (run.isJson) await run.print({ json: { shell, script }, lines: [] });
        else await run.io.write(script);
      }),
    );
}

/** What can be completed: the commands with their descriptions and options, and the common options. */
function wordsOf(program: Command): Parameters<typeof completionScript>[1] {
  return {
    options: program.options.map(({ long, short }) => long ?? short ?? ''),
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.description().split(/[:;]/)[0] ?? '',
      options: command.options.map(({ long, short }) => long ?? short ?? ''),
      words: command.commands.map((each) => each.name()),
    })),
  };
}
