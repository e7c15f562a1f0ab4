/** The part of the disaster suite that runs in the window. */
import { writeFile } from 'node:fs/promises';
import { disasters } from '../disasters/disasters';
import { onlyVariable, resultsVariable, userDataVariable, type DisasterResult } from '../disasters/result';
import { runDisaster } from '../disasters/runDisaster';

/** Leaves the results in a file; the program that opened the window judges them. */
export async function run(): Promise<void> {
  const { [resultsVariable]: file, [userDataVariable]: userData, [onlyVariable]: only = '' } = process.env;
  if (file === undefined || userData === undefined) throw new Error('This suite is started by npm run test:disasters.');
  const results: DisasterResult[] = [];
  for (const disaster of disasters.filter(({ name }) => new RegExp(only).test(name))) {
    const { name, report } = disaster;
    process.stdout.write(`${name}\n`);
    try {
      results.push(await runDisaster(disaster, userData));
    } catch (error) {
      const nothing = { files: 0, recovered: 0, bytesLost: 0, steps: 0, inLocalHistory: 0 };
      results.push({
        name,
        report,
        ...nothing,
        problems: [error instanceof Error ? (error.stack ?? '') : String(error)],
      });
    }
    await writeFile(file, JSON.stringify(results));
  }
}
