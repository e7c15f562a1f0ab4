import path from 'node:path';
import { parseArgs } from 'node:util';
import { HostError } from '../support/host/hostError';
import { projectRoot } from '../support/host/project';

export const usage = `npm run bench -- [options]
Measures Obby and prints a table; ends with 1 and names the figures whose bound does not hold.

  --json FILE     writes { figures: [{ name, value, unit, bound, holds, peer?, ratio?, note? }] }
  --repo DIR      the git repository, bare or not, whose history is replayed; default this one
  --quick         smaller measurements, under a minute in all
  --only NAME,…   only these figures`;

export interface BenchOptions {
  readonly json: string | undefined;
  readonly repo: string;
  readonly isQuick: boolean;
  /** Names of figures; undefined for all of them. */
  readonly only: readonly string[] | undefined;
}

/** Reads the arguments; relative paths start from `cwd`. Throws what is wrong with them. */
export function parseBenchOptions(args: readonly string[], cwd: string): BenchOptions {
  const { json, repo, quick, only } = parseValues(args);
  return {
    json: json === undefined ? undefined : path.resolve(cwd, json),
    repo: repo === undefined ? projectRoot : path.resolve(cwd, repo),
    isQuick: quick ?? false,
    only: only?.split(',').map((name) => name.trim()),
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'string' },
        repo: { type: 'string' },
        quick: { type: 'boolean' },
        only: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new HostError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
