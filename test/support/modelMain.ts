/** `npm run test:model`: random sequences of real changes in a real VS Code, and what the history makes of them. */
import { parseArgs } from 'node:util';
import { isEngineName } from '../model/batch';
import { runModel } from '../model/runModel';
import { HostError } from './host/hostError';
import { runProgram } from './host/program';

const usage = `npm run test:model -- [options]
Does random things to workspace folders and compares their histories with what was on disk.

  --sequences N            how many; default 20
  --seed S                 of the first one, the next has S + 1; default a random one
  --engine events|polling  how Obby hears of changes; default events
  --no-shrink              prints a failing sequence as it is`;

async function main(args: readonly string[]): Promise<boolean> {
  const values = parseValues(args);
  if (!isEngineName(values.engine)) throw new HostError(`--engine is ${values.engine}.\n\n${usage}`);
  const { failures } = await runModel({
    sequences: positive('sequences', values.sequences),
    seed: values.seed === undefined ? Math.floor(Math.random() * 1e6) : positive('seed', values.seed),
    engine: values.engine,
    mayShrink: values['no-shrink'] !== true,
  });
  return failures.length === 0;
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        sequences: { type: 'string', default: '20' },
        seed: { type: 'string' },
        engine: { type: 'string', default: 'events' },
        'no-shrink': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new HostError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new HostError(`--${option} is ${text}, not a whole number above 0.`);
  return number;
}

runProgram(() => main(process.argv.slice(2)));
