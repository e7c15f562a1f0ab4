import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { errnoOf, messageOf } from '../base/errors';
import type { RuleSources } from '../model/ruleSources';
import type { Selection } from '../model/historyStore';
import { ruleText } from '../rules/ruleFile';
import { isRuleFile, watchFile } from '../rules/rules';

/** The last usable rules of a folder. */
export interface RulesOnRecord {
  /** The bytes of the rule files, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Identity of the folder that they were in. */
  readonly folder: string;
  /** They were in use last: if they are missing, they were deleted while Obby was not running. */
  readonly areCurrent: boolean;
}

const fileName = 'rules.json';
const maxBytes = 8_000_000;

/** Keeps the last usable rules of a folder in a file of its history. Failures are only logged. */
export class KeptRules {
  private present: RulesOnRecord | undefined;
  private readonly path: string;

  constructor(
    storeDir: string,
    private readonly log: (message: string) => void,
  ) {
    this.path = join(storeDir, fileName);
    this.attempt(() => {
      if (statSync(this.path).size > maxBytes) throw tooLarge();
      this.present = parse(JSON.parse(readFileSync(this.path, 'utf8')));
    });
  }

  get value(): RulesOnRecord | undefined {
    return this.present;
  }

  /** The kept files as sources of rules. */
  sources(reserved: readonly string[]): RuleSources {
    const texts = [...(this.present?.files ?? [])].map(([path, bytes]) => ({ path, text: ruleText(bytes) }));
    return {
      watch: texts.find(({ path }) => path === watchFile)?.text,
      ignores: texts
        .filter(({ path }) => path !== watchFile)
        .map(({ path, text }) => ({ dir: path.slice(0, Math.max(0, path.lastIndexOf('/'))), text })),
      reserved,
    };
  }

  keep(files: ReadonlyMap<string, Uint8Array>, folder: string): void {
    const rules = { files, folder, areCurrent: true };
    if (!isDeepStrictEqual(rules, this.present)) this.write(rules);
  }

  /** The kept rules are no longer in use. */
  replaced(): void {
    if (this.present?.areCurrent) this.write({ ...this.present, areCurrent: false });
  }

  /** Deletes all kept rules if any of them is selected; true if so. */
  forget({ path, matches, bytes }: Selection): boolean {
    if (path === undefined && matches === undefined && bytes === undefined) return false;
    const isSelected = [...(this.present?.files ?? [])].some(
      ([file, content]) =>
        (path === undefined || path === file) &&
        matches?.(file) !== false &&
        bytes?.some((text) => Buffer.from(content).includes(Buffer.from(text))) !== false,
    );
    if (!isSelected) return false;
    this.remove();
    return true;
  }

  private remove(): void {
    this.present = undefined;
    rmSync(this.path, { force: true });
  }

  private write(rules: RulesOnRecord): void {
    this.present = rules;
    this.attempt(() => {
      const text = textOf(rules);
      if (text.length <= maxBytes) {
        replaceFile(this.path, text);
        return;
      }
      this.remove();
      throw tooLarge();
    });
  }

  private attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') this.log(`The last rules in ${this.path} are not kept: ${messageOf(error)}`);
    }
  }
}

function tooLarge(): Error {
  return new Error(`they take more than ${maxBytes} bytes.`);
}

function textOf({ files, folder, areCurrent }: RulesOnRecord): string {
  const listed = [...files].map(([path, bytes]) => ({ path, base64: Buffer.from(bytes).toString('base64') }));
  return JSON.stringify({ format: 1, folder, areCurrent, files: listed });
}

function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}

function parse(value: unknown): RulesOnRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, folder, areCurrent, files } = value as Record<string, unknown>;
  if (format !== 1 || typeof folder !== 'string' || typeof areCurrent !== 'boolean' || !Array.isArray(files)) {
    return undefined;
  }
  const parsed = files.map(parseFile).filter((file) => file !== undefined);
  return parsed.length === files.length ? { files: new Map(parsed), folder, areCurrent } : undefined;
}

function parseFile(value: unknown): readonly [string, Uint8Array] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { path, base64 } = value as Record<string, unknown>;
  if (typeof path !== 'string' || typeof base64 !== 'string' || !isRuleFile(path)) return undefined;
  const isInside = path.split('/').every((name) => !['', '.', '..', '.git'].includes(name));
  return isInside ? [path, Buffer.from(base64, 'base64')] : undefined;
}
