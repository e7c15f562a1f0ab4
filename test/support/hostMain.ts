/** `npm run host`: opens Obby in a real VS Code, to look at it or to run a suite in it. */
import { parseLaunchOptions, usage } from './host/launchOptions';
import { runProgram } from './host/program';
import { runSuite } from './host/suite';
import { showWindow } from './host/window';

async function main(args: readonly string[], interrupted: Promise<void>): Promise<boolean> {
  if (args.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return true;
  }
  const { tests, ...options } = await parseLaunchOptions(args, process.env['INIT_CWD'] ?? process.cwd());
  if (tests !== undefined) return runSuite({ ...options, suite: tests });
  await showWindow(options, interrupted);
  return true;
}

runProgram((interrupted) => main(process.argv.slice(2), interrupted));
