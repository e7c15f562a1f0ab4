import type { Clock } from '../base/clock';
import { errnoOf, messageOf, ObbyError } from '../base/errors';
import type { Log } from '../base/log';
import type { VersionRecord } from '../model/version';
import type { Catalog } from './catalog/catalog';
import { CatalogDamage, loadSqlite } from './disk/sqlite';
import {
  catalogFileName,
  loadCatalog,
  newCatalog,
  removeCatalog,
  readStamps,
  type CatalogFileDeps,
} from './catalog/catalogFile';
import { Codec } from './format/codec';
import type { HistoryStore, StoreProblem } from '../model/historyStore';
import { isDiskFull, type FilePort } from './disk/filePort';
import { FolderStore } from './folderStore';
import { JournalOpening } from './sync/journalOpening';
import { journalFormat } from './journal/journalFormat';
import { journalFileName, JournalSet, type JournalName } from './journal/journalSet';
import { systemProcesses, type Processes } from './sync/owner';
import { Owners } from './sync/owners';
import { defaultPulse, Ownership, type Pulse } from './sync/ownership';
import { SegmentIntake } from './sync/segmentIntake';
import { SegmentSet } from './segment/segmentSet';
import {
  formatFileName,
  sourcesIn,
  unknownFormat,
  readFormat,
  oldestStoreFormat,
  storeFormat,
  writeFormat,
  defaultSizes,
  type FormatState,
  type StoreSizes,
} from './format/storeFormat';
import { Zstd } from './format/zstd';

export interface OpenStoreOptions {
  /** Absolute path of the folder that holds the history; created when it does not exist. */
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Log;
  /** Absolute path of the folder that holds `zstd.wasm` and `sql-wasm.wasm`. */
  readonly wasmDir: string;
  /** The part of version ids that identifies this window, 6 to 13 of `[0-9a-z]`; random by default. */
  readonly writer?: string;
  readonly processes?: Processes;
  /** Default {@link defaultPulse}. All windows on a folder should have the same. */
  readonly pulse?: Pulse;
  /** A catalog up to this size is rebuilt at each opening instead of being saved. */
  readonly unsavedCatalogBytes?: number;
  /** Default {@link defaultSizes}. */
  readonly sizes?: StoreSizes;
  /** Called with versions that other windows recorded, a second or two later. */
  /** Nothing is written, and no window notices that the history is open. Default: false. */
  readonly isReadOnly?: boolean;
  readonly onRecordedElsewhere?: (versions: readonly VersionRecord[]) => void;
}

/** Opens the history of one workspace folder; rejects with `storeFailed` or `diskFull` when it cannot be. */
export async function openStore(options: OpenStoreOptions): Promise<HistoryStore> {
  try {
    return await openKept({ ...options, dir: portPath(options.dir) });
  } catch (error) {
    if (error instanceof ObbyError) throw error;
    throw new ObbyError(
      isDiskFull(error) ? 'diskFull' : 'storeFailed',
      `The history in ${options.dir} cannot be opened: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Another window may take this one for dead if it sleeps while it opens; then it opens again. */
const maxTries = 3;
/** A reader takes no lock, so windows may seal and merge meanwhile, but not this often. */
const maxReads = 20;

async function openKept(options: OpenStoreOptions): Promise<HistoryStore> {
  const { isReadOnly = false } = options;
  const most = isReadOnly ? maxReads : maxTries;
  for (let tries = 1; ; tries++) {
    const opening = new StoreOpening(options);
    try {
      return await opening.run();
    } catch (error) {
      const isKept = await opening.giveUp();
      if ((isKept && !isReadOnly) || tries === most) throw error;
    }
  }
}

function portPath(dir: string): string {
  return process.platform === 'win32' ? dir.replaceAll('\\', '/') : dir;
}

class StoreOpening {
  private readonly problems: StoreProblem[] = [];
  private readonly ownership: Ownership;
  private readonly journals: JournalSet;
  private readonly owners: Owners;
  /** The writer in version ids, which stays when the owner's name changes. */
  private readonly writer: string;

  constructor(private readonly options: OpenStoreOptions) {
    const { files, log, clock, sizes = defaultSizes, processes = systemProcesses, pulse = defaultPulse } = options;
    const common = { dir: options.dir, files, log, processes };
    const ownership = (this.ownership = new Ownership({ ...common, clock, pulse }));
    this.journals = new JournalSet({ ...common, ownership, sizes, now: () => clock.now() });
    this.owners = new Owners({ ...common, ownership, journals: this.journals });
    this.writer = options.writer ?? ownership.name;
  }

  /** Cleans up after a failure. Returns false when another window shut this one out. */
  async giveUp(): Promise<boolean> {
    const isKept = !this.isAnnounced || (await this.ownership.hold().isKept());
    await this.journals.close();
    await this.ownership.leave();
    return isKept;
  }

  async run(): Promise<HistoryStore> {
    const { dir, files, wasmDir, log, sizes = defaultSizes } = this.options;
    const [sql, zstd] = await Promise.all([loadSqlite(wasmDir), Zstd.load(wasmDir)]);
    const { isReadOnly = false } = this.options;
    if (!isReadOnly) await files.makeDir(dir);
    const format = await readFormat(files, dir);
    const names = await files.list(dir);
    if (!isReadOnly) await this.makePrivate(names);
    const journalNames = await this.journals.refresh(names);
    const unwritable =
      (await this.otherFormat(format, journalNames)) ?? (isReadOnly ? undefined : await this.claim(format));
    if (unwritable !== undefined) log.warn(unwritable);
    const readOnly = unwritable ?? (isReadOnly ? `The history in ${dir} is open for reading only.` : undefined);
    const codec = new Codec(zstd);
    const segments = new SegmentSet({ dir, files, sql, codec });
    const catalog = await this.catalog({ sql, zstd, files, dir }, segments);
    const { ownership, owners, writer, journals, problems } = this;
    return new FolderStore({
      ...{ ...this.options, ownership, owners, writer, sizes, sql, zstd, codec, catalog, journals, segments, problems },
      report: (problem) => this.report(problem),
      ...(readOnly === undefined ? {} : { readOnly }),
    });
  }

  /** An earlier version, a copy or a backup may have left files that others can read. A failure is only a warning. */
  private async makePrivate(names: readonly string[]): Promise<void> {
    const { dir, files, log } = this.options;
    let failure: unknown;
    for (const path of [dir, ...names.map((name) => `${dir}/${name}`)]) {
      // Another window may remove a file meanwhile.
      await files.makePrivate(path).catch((error: unknown) => {
        if (errnoOf(error) !== 'ENOENT') failure ??= error;
      });
    }
    if (failure === undefined) return;
    log.warn(`Other users of this machine may be able to read the history in ${dir}: ${messageOf(failure)}`);
  }

  /** The catalog, up to date with the folder. */
  private async catalog(parts: CatalogFileDeps, segments: SegmentSet): Promise<Catalog> {
    const saved = await this.savedCatalog(parts);
    const known = this.problems.length;
    try {
      await this.prepare(saved, parts, segments);
      return saved;
    } catch (error) {
      if (!(error instanceof CatalogDamage)) throw error;
      saved.close();
      // Other problems are found again.
      this.problems.length = known;
      if (this.isAnnounced) await removeCatalog(parts);
      this.reportCatalog(error.message);
    }
    const built = newCatalog(parts.sql);
    await this.prepare(built, parts, segments);
    return built;
  }

  /** All reads and changes of a catalog while the store opens: damage that is found here needs no reload. */
  private async prepare(catalog: Catalog, parts: CatalogFileDeps, segments: SegmentSet): Promise<void> {
    await this.takeIn(catalog, segments);
    // Only recording needs stamps.
    if (catalog.changes > 0 && !this.options.isReadOnly) catalog.restoreStamps(await readStamps(parts));
    catalog.nextSequence(this.writer);
  }

  /** Brings the catalog up to date with the folder, and takes over journals of windows that are gone. */
  private async takeIn(catalog: Catalog, segments: SegmentSet): Promise<void> {
    const { journals } = this;
    const { files, dir } = this.options;
    const names = await files.list(dir);
    const ids = segments.refresh(names);
    const intake = new SegmentIntake({ catalog, segments, onProblem: (problem) => this.report(problem) });
    await intake.run(ids, await this.missing(catalog, segments));
    const kept: JournalName[] = [];
    for (const name of await journals.refresh(names)) {
      if (!catalog.isReplaced(name.id)) kept.push(name);
      else if (this.isAnnounced && !journals.isSetAside(name.id)) await journals.remove(name.id);
    }
    for (const id of ids) {
      if (this.isAnnounced && catalog.isReplaced(id) && !segments.isSetAside(id)) await segments.remove(id);
    }
    for (const id of await this.missing(catalog, segments)) {
      this.options.log.warn(`${catalogFileName} lists what ${id} held, which is gone: it is taken out.`);
      await intake.takeOut(id);
    }
    await this.opening(catalog).run(kept, this.isAnnounced);
    if (this.options.isReadOnly === true && sourcesIn(names) !== sourcesIn(await files.list(dir))) {
      throw new Error('its files were replaced while they were read. Try again');
    }
  }

  /** Sources of the catalog that are gone, or shorter than they were. */
  private async missing(catalog: Catalog, segments: SegmentSet): Promise<string[]> {
    const missing: string[] = [];
    for (const [id, { kind, readTo }] of catalog.sources()) {
      const isThere = kind === 'segment' ? segments.has(id) : (await this.journals.sizeOf(id)) >= readTo;
      if (!isThere) missing.push(id);
    }
    return missing;
  }

  /** Why the folder must not be written: its format, or that of a journal, is not this version's. */
  private async otherFormat(format: FormatState, names: readonly JournalName[]): Promise<string | undefined> {
    const { dir } = this.options;
    if (typeof format === 'number' && (format < oldestStoreFormat || format > storeFormat)) {
      return unknownFormat(dir, formatFileName, format, storeFormat);
    }
    for (const name of names) {
      const found = await this.journals.formatOf(name);
      if (found !== undefined && found !== journalFormat) {
        return unknownFormat(dir, journalFileName(name), found, journalFormat);
      }
    }
    return undefined;
  }

  /**
   * Announces this store as an owner and writes the folder's format. Returns the reason when the folder cannot be written.
   * On a full disk, the first version announces the store later.
   */
  private async claim(format: FormatState): Promise<string | undefined> {
    const { dir, files, log } = this.options;
    try {
      await this.ownership.announce();
      await this.owners.removeLeftovers();
      if (format === 'damaged')
        this.report({ file: formatFileName, message: `${formatFileName} is damaged. It is rewritten.` });
      if (format !== storeFormat) await writeFormat(files, dir, this.ownership.name);
      return undefined;
    } catch (error) {
      if (isDiskFull(error)) {
        log.warn(`The disk that holds ${dir} is full.`);
        return undefined;
      }
      const errno = errnoOf(error);
      if (errno !== 'EROFS' && errno !== 'EACCES' && errno !== 'EPERM') throw error;
      return `The history in ${dir} can be read but not written (${messageOf(error)}): nothing is recorded.`;
    }
  }

  private get isAnnounced(): boolean {
    return this.ownership.isAnnounced;
  }

  private opening(catalog: Catalog): JournalOpening {
    const { dir, files } = this.options;
    return new JournalOpening({
      ...{ dir, files, journals: this.journals, catalog, owner: this.ownership.name },
      isAbandoned: (owner) => this.owners.isGone(owner),
      onProblem: (problem) => this.report(problem),
    });
  }

  /** The catalog as saved, or a new one. */
  private async savedCatalog(parts: CatalogFileDeps): Promise<Catalog> {
    const { catalog, damage } = await loadCatalog(parts);
    if (damage !== undefined) {
      this.reportCatalog(damage);
      if (this.isAnnounced) await removeCatalog(parts);
    }
    if (catalog === undefined) this.options.log.info(`${catalogFileName} is rebuilt.`);
    return catalog ?? newCatalog(parts.sql);
  }

  private reportCatalog(what: string): void {
    const file = catalogFileName;
    this.report({ file, message: `${file} is damaged (${what}). It is rebuilt: nothing is lost.` });
  }

  private report(problem: StoreProblem): void {
    this.problems.push(problem);
    this.options.log.warn(problem.message);
  }
}
