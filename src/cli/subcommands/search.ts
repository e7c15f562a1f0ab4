import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { searchScopes, type FolderSearchQuery, type SearchHitRecord } from '../../model/search';
import { causes } from '../../model/version';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import { versionShape } from '../output/shapes';
import { causeWords, localStamp, safeLine, safePath } from '../output/words';
import { aCount, oneOf } from '../place/arguments';
import type { CommandHistory } from '../place/openedHistory';
import { parseTime } from '../place/times';
import type { StartRun } from '../program';

interface SearchOptions {
  readonly regex?: boolean;
  readonly caseSensitive?: boolean;
  readonly word?: boolean;
  readonly path?: string;
  readonly since?: string;
  readonly until?: string;
  readonly where?: string;
  readonly cause?: string;
  readonly number?: number;
}

const defaultLimit = 1_000;

export function addSearch(program: Command, start: StartRun): void {
  program
    .command('search')
    .argument('<text>', 'what a line contains')
    .description('Find lines in every version of every file: which version added or removed them')
    .option('-E, --regex', 'the text is a regular expression of JavaScript')
    .option('-s, --case-sensitive', 'distinguish upper and lower case')
    .option('-w, --word', 'only whole words')
    .option('--path <pattern>', "only paths that this pattern of .gitignore's syntax matches")
    .option('--since <time>', 'only versions at or after this time')
    .option('--until <time>', 'only versions before this time')
    .option('--where <scope>', `one of ${searchScopes.join(', ')}; lost: lines that are in no file now`)
    .option('--cause <cause>', `one of ${causes.join(', ')}`)
    .option('-n, --number <count>', `list at most so many, default ${defaultLimit}`, aCount)
    .addHelpText(
      'after',
      '\nExamples:\n  obby search TODO --where lost\n  obby search -E "api[_-]?key" --since 2d --path "*.ts"',
    )
    .action((text: string, options: SearchOptions) => start((run) => search(run, text, options)));
}

async function search(run: CommandRun, text: string, options: SearchOptions): Promise<void> {
  const query = queryOf(run, text, options);
  const limit = options.number ?? defaultLimit;
  await run.withHistory(undefined, 'read', async (history) => {
    const { hits, unreadable, isCut } = await collect(history, query, limit);
    if (hits.length === 0) run.tell('No line was found.');
    if (unreadable > 0) run.tell(`warning: ${unreadable} versions cannot be read and were not searched.`);
    if (isCut) run.tell(`There are more than ${limit} lines: list more with -n.`);
    await run.print({
      json: { folder: history.found.root, hits: hits.map(hitShape), isCut, unreadable },
      lines: hits.flatMap((hit) => hitLines(run, hit)),
      code: hits.length === 0 ? exitCode.notAll : exitCode.done,
    });
  });
}

interface Collected {
  readonly hits: readonly SearchHitRecord[];
  readonly unreadable: number;
  readonly isCut: boolean;
}

async function collect({ ask }: CommandHistory, query: FolderSearchQuery, limit: number): Promise<Collected> {
  const id = randomUUID();
  const hits: SearchHitRecord[] = [];
  await ask.startSearch(id, query);
  for (;;) {
    const batch = await ask.nextHits(id);
    hits.push(...batch.hits);
    if (!batch.isDone && hits.length <= limit) continue;
    await ask.endSearch(id);
    return { hits: hits.slice(0, limit), unreadable: batch.unreadable, isCut: hits.length > limit };
  }
}

function queryOf({ io }: CommandRun, text: string, options: SearchOptions): FolderSearchQuery {
  const { regex, caseSensitive = false, word = false, path, since, until } = options;
  const where = oneOf('--where', searchScopes, options.where);
  const cause = oneOf('--cause', causes, options.cause);
  return {
    ...(regex ? { regex: text } : { text }),
    ...{ caseSensitive, wholeWord: word },
    ...(path !== undefined && { path }),
    ...(since !== undefined && { since: parseTime(since, io.now()) }),
    ...(until !== undefined && { until: parseTime(until, io.now()) }),
    ...(where && { where }),
    ...(cause && { cause }),
  };
}

function hitShape({ version, line, text, ranges, change, isLost }: SearchHitRecord): unknown {
  return { version: versionShape(version), line: line + 1, text, ranges, change, isLost };
}

function hitLines({ style }: CommandRun, { version, line, text, change, isLost }: SearchHitRecord): string[] {
  const sign = { added: style.green('+'), removed: style.red('-'), present: ' ' }[change];
  const place = `${style.bold(safePath(version.path))}:${line + 1}`;
  const lost = isLost ? style.red(' (in no file now)') : '';
  const about = `${style.yellow(version.id)}  ${style.dim(localStamp(version.time))}  ${place}  ${style.cyan(causeWords(version))}`;
  return [about + lost, `  ${sign} ${safeLine(text)}`];
}
