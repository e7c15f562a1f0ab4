import { ObbyError } from '../base/errors';
import type { Log } from '../base/log';
import { escapeUnprintable } from '../base/unprintable';
import type { EngineEvent, FolderUse } from '../engine/engine';
import type { CliIo } from './cliIo';
import { exitCode } from './exitCode';
import { styleOf, type Style } from './output/style';
import { absolutePath, shortened } from './place/arguments';
import { HistoryFinder, type FoundHistory } from './place/findHistory';
import { openFound, type CommandHistory } from './place/openedHistory';

/** What every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly store?: string;
  readonly C?: string;
  readonly color?: string;
  /** False: `--no-pager`. */
  readonly pager?: boolean;
  readonly verbose?: boolean;
  readonly yes?: boolean;
}

/** What a command has found or done. */
export interface Printed {
  readonly json: unknown;
  /** Lines for people, without what could steer a terminal except the colours of {@link CommandRun.style}. */
  readonly lines: readonly string[];
  /** Default: `done`. */
  readonly code?: number;
}

/** One run of a command: its surroundings, its common options and its exit code. */
export class CommandRun {
  readonly style: Style;
  readonly cwd: string;
  code: number = exitCode.done;
  private readonly opened: CommandHistory[] = [];

  constructor(
    readonly io: CliIo,
    readonly options: CommonOptions,
  ) {
    this.style = styleOf(isColoured(io, options) && options.json !== true);
    this.cwd = options.C === undefined ? io.cwd : absolutePath(io.cwd, options.C);
  }

  get isJson(): boolean {
    return this.options.json === true;
  }

  /** Opens the history of a path, or of the current folder, and passes it to `work`. */
  async withHistory<T>(
    path: string | undefined,
    use: FolderUse,
    work: (history: CommandHistory, pathInFolder: string) => Promise<T>,
    emit?: (event: EngineEvent) => void,
  ): Promise<T> {
    const at = path === undefined ? this.cwd : absolutePath(this.cwd, path);
    const found = this.find(at, path);
    const history = await openFound(this.io, found, { use, log: this.log, ...(emit && { emit }) });
    this.own(history);
    return work(history, history.pathOf(at));
  }

  /** The history of a path (absolute), as `given` names it; throws when there is none. */
  find(at: string, given?: string): FoundHistory {
    const finder = this.finder;
    const found = finder.of(at);
    if (found) {
      this.nameOthers(found);
      return found;
    }
    const here = given === undefined ? undefined : finder.of(this.cwd);
    if (here)
      throw new ObbyError('badArgument', `${shortened(given ?? at)} is outside ${here.root}, which has a history.`);
    throw new ObbyError(
      'noFolder',
      `${shortened(at)} has no history, nor has any folder above it. Open the folder in VS Code with Obby, or record it with “obby watch”.`,
    );
  }

  get finder(): HistoryFinder {
    const store = this.options.store ?? this.io.env['OBBY_STORE'];
    return new HistoryFinder(
      this.io,
      store === undefined || store === '' ? undefined : absolutePath(this.io.cwd, store),
    );
  }

  /** Prints a result, page by page on a terminal. */
  async print({ json, lines, code = exitCode.done }: Printed): Promise<void> {
    this.code = code;
    if (this.isJson) {
      await this.io.write(`${JSON.stringify(json, undefined, 2)}\n`);
      return;
    }
    if (lines.length === 0) return;
    this.startPager();
    await this.io.write(`${lines.join('\n')}\n`);
  }

  startPager(): void {
    const { io, options } = this;
    const { OBBY_PAGER, GIT_PAGER, PAGER } = io.env;
    const command = OBBY_PAGER ?? GIT_PAGER ?? PAGER ?? 'less';
    if (io.isOutputTerminal && options.pager !== false && command !== '' && command !== 'cat') io.page(command);
  }

  /** A message beside the result. */
  tell(message: string): void {
    this.io.tell(escapeUnprintable(message));
  }

  /** Throws where nobody can be asked whether to change something. */
  requireConfirmable(): void {
    if (this.options.yes === true || this.io.isInputTerminal) return;
    throw new ObbyError('badArgument', 'Nothing was changed: standard input is not a terminal. Confirm with --yes.');
  }

  /** Returns whether a change was confirmed. */
  async confirm(question: string): Promise<boolean> {
    if (this.options.yes === true) return true;
    this.requireConfirmable();
    const reply = (await this.io.ask(`${question} [y/N] `)).trim().toLowerCase();
    if (reply === 'y' || reply === 'yes') return true;
    this.tell('Nothing was changed.');
    this.code = exitCode.notAll;
    return false;
  }

  /** Closes a history at the end of the run. */
  own(history: CommandHistory): void {
    this.opened.push(history);
  }

  async close(): Promise<void> {
    for (const history of this.opened) await history.close();
  }

  get log(): Log {
    const tell = (message: string | Error): void => this.tell(String(message));
    const none = (): void => undefined;
    if (this.options.verbose !== true) return { debug: none, info: none, warn: none, error: none };
    return { debug: tell, info: tell, warn: tell, error: tell };
  }

  private nameOthers({ keeper, others }: FoundHistory): void {
    const [other] = others;
    if (!other) return;
    this.tell(`Using the history of ${keeper}, the last used. ${other.keeper} has one too: --store ${other.storeDir}`);
  }
}

function isColoured({ isOutputTerminal, env }: CliIo, { color = 'auto' }: CommonOptions): boolean {
  if (color !== 'auto') return color === 'always';
  return isOutputTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
