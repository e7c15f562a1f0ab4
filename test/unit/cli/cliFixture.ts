import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock } from '../../../src/base/clock';
import type { CliIo } from '../../../src/cli/cliIo';
import { folderUri } from '../../../src/cli/place/folderUri';
import { runCli } from '../../../src/cli/program';
import { EngineHost } from '../../../src/engine/engineHost';
import { historyName } from '../../../src/host/settings/storageSettings';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { openStore } from '../../../src/store/openStore';
import { folderSettings } from '../../support/folderSettings';
import { patternProgram } from '../../support/patternProgram';
import { ListLog, temporaryFolder, wasmDir } from '../store/fixtures';

/** What a command printed. */
export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly bytes: Buffer;
  readonly err: string;
  /** The commands of pagers that were started. */
  readonly pagers: readonly string[];
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  /** What the user types to each question. */
  readonly replies?: readonly string[];
  readonly input?: string;
  readonly interrupt?: AbortSignal;
  readonly onWrite?: (text: string) => void;
}

export const engineOf: CliIo['engine'] = (emit, log) =>
  new EngineHost({
    ...{ clock: systemClock, log, files: nodeFilePort, emit, patternProgram },
    openStore: (dir, onRecordedElsewhere, isReadOnly = false) =>
      openStore({
        ...{ dir, files: nodeFilePort, clock: systemClock, log, wasmDir: wasmDir(), onRecordedElsewhere, isReadOnly },
      }),
  });

/** A folder that an editor has recorded, and the command line run in it. */
export function recordedFolder(t: Pick<TestContext, 'after'>) {
  const base = realpathSync(temporaryFolder());
  t.after(() => rmSync(base, { recursive: true, force: true }));
  const home = join(base, 'home');
  const root = join(base, 'folder');
  const histories = historiesIn(home, 'Code');
  const storeDir = join(histories, historyName('folder', folderUri(root, process.platform)));
  const write = (path: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('.obbywatch', '*.md\n*.bin\n');

  /** Records what `change` does, as a window that is open only for that long. Resolves with the new versions' ids. */
  async function record(change: () => void, dir = storeDir): Promise<void> {
    change();
    const key = folderUri(root, process.platform);
    const engine = engineOf(() => undefined, new ListLog());
    await engine.open(key, { root, storeDir: dir, settings: folderSettings({}, { events: 'own' }) });
    await engine.flush(key);
    await engine.close(key);
  }

  /** Runs `obby` with arguments. */
  async function obby(args: readonly string[], around: Surroundings = {}): Promise<CliResult> {
    const chunks: Buffer[] = [];
    const errors: string[] = [];
    const pagers: string[] = [];
    const replies = [...(around.replies ?? [])];
    const code = await runCli(args, {
      cwd: around.cwd ?? root,
      env: around.env ?? {},
      home,
      platform: 'linux',
      isInputTerminal: around.replies !== undefined,
      isOutputTerminal: around.isTerminal ?? false,
      now: () => Date.now(),
      write: (output) => {
        chunks.push(Buffer.from(output));
        around.onWrite?.(Buffer.from(output).toString());
        return Promise.resolve();
      },
      page: (command) => void pagers.push(command),
      tell: (message) => void errors.push(message),
      ask: (question) => {
        errors.push(question);
        return Promise.resolve(replies.shift() ?? '');
      },
      input: () => Promise.resolve(around.input ?? ''),
      holdInterrupts: () => around.interrupt ?? new AbortController().signal,
      closed: () => Promise.resolve(),
      engine: engineOf,
    });
    const bytes = Buffer.concat(chunks);
    return { code, out: bytes.toString(), bytes, err: errors.join('\n'), pagers };
  }

  const json = async (...args: string[]): Promise<Json> => JSON.parse((await obby([...args, '--json'])).out) as Json;
  return { base, home, root, storeDir, histories, write, record, obby, json };
}

/** The folder of all histories of an editor on Linux. */
export function historiesIn(home: string, product: string): string {
  return join(home, '.config', product, 'User', 'globalStorage', 'obby.obby', 'histories');
}

/** What tests read of the shapes that commands print; each shape has some of it. */
export interface Json {
  readonly [name: string]: unknown;
  readonly id: string;
  readonly path: string;
  readonly action: string;
  readonly store: string;
  readonly keeper: string;
  readonly line: number;
  readonly lines: readonly number[];
  readonly changes: readonly Json[];
  readonly from: number;
  readonly to: number;
  readonly isLost: boolean;
  readonly versions: readonly Json[];
  readonly changeSets: readonly Json[];
  readonly files: readonly Json[];
  readonly hits: readonly Json[];
  readonly steps: readonly Json[];
  readonly restored: readonly Json[];
  readonly failed: readonly Json[];
}
