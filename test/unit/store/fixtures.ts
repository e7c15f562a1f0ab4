import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../../src/base/clock';
import type { Log } from '../../../src/base/log';
import type { VersionRecord } from '../../../src/model/version';
import type { HistoryStore, VersionDraft } from '../../../src/model/historyStore';
import type { FilePort } from '../../../src/store/disk/filePort';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import type { Processes } from '../../../src/store/sync/owner';
import { openStore } from '../../../src/store/openStore';
import type { StoreSizes } from '../../../src/store/format/storeFormat';
import { FakeClock } from '../../support/fakeClock';

const folders: string[] = [];
process.once('exit', () => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

/** A folder that is removed when the process ends. */
export function temporaryFolder(): string {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'obby-store-')));
  folders.push(dir);
  return dir;
}

let wasm: string | undefined;

/** Both WebAssembly files in one folder, as they ship. Tests run at the project's root. */
export function wasmDir(): string {
  if (wasm === undefined) {
    wasm = temporaryFolder();
    mkdirSync(wasm, { recursive: true });
    copyFileSync('node_modules/sql.js/dist/sql-wasm.wasm', path.join(wasm, 'sql-wasm.wasm'));
    copyFileSync('node_modules/@bokuweb/zstd-wasm/dist/common/zstd.wasm', path.join(wasm, 'zstd.wasm'));
  }
  return wasm;
}

/** A log that keeps what it is told. */
export class ListLog implements Log {
  readonly lines: string[] = [];
  debug = (message: string): void => void this.lines.push(`debug ${message}`);
  info = (message: string): void => void this.lines.push(`info ${message}`);
  warn = (message: string): void => void this.lines.push(`warn ${message}`);
  error = (message: string | Error): void => void this.lines.push(`error ${String(message)}`);
}

/** Everybody else is dead: what an earlier store of this process left is taken over, as after a crash. */
export const onlyMe: Processes = { pid: process.pid, machine: 'here', isRunning: () => false };

export interface TestStoreOptions {
  readonly dir: string;
  readonly files?: FilePort;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly writer?: string;
  readonly processes?: Processes;
  readonly onRecordedElsewhere?: (versions: readonly VersionRecord[]) => void;
  /** Default 0: every catalog is saved. */
  readonly unsavedCatalogBytes?: number;
  readonly sizes?: StoreSizes;
  readonly isReadOnly?: boolean;
}

export function openTestStore(options: TestStoreOptions): Promise<HistoryStore> {
  const defaults = {
    files: nodeFilePort,
    clock: new FakeClock(1_700_000_000_000),
    log: new ListLog(),
    wasmDir: wasmDir(),
    unsavedCatalogBytes: 0,
  };
  return openStore({ ...defaults, ...options });
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A draft with what a test does not care about filled in. */
export function draft(path: string, content: string | Uint8Array, extra: Partial<VersionDraft> = {}): VersionDraft {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    ...{ path, kind: 'modified', cause: 'external', confidence: 'likely', time: 1_000, changeSet: 'm' },
    ...{ size: bytes.length, sha256: sha256(bytes), eolOnly: false, binary: false, content: bytes },
    ...extra,
  };
}

export function deletion(path: string, extra: Partial<VersionDraft> = {}): VersionDraft {
  return {
    ...{ path, kind: 'deleted', cause: 'external', confidence: 'likely', time: 1_000, changeSet: 'm' },
    ...{ size: 0, eolOnly: false, binary: false },
    ...extra,
  };
}

/** The content of a version as text. */
export async function textOf(store: HistoryStore, id: string): Promise<string> {
  return Buffer.from(await store.content(id)).toString('utf8');
}
