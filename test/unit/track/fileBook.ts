import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync, appendFileSync, copyFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { VersionRecord } from '../../../src/model/version';

export type Step =
  | { readonly do: 'new' | 'edit' | 'rewrite' | 'rm'; readonly path: string }
  | { readonly do: 'mv' | 'cp' | 'mvdir' | 'swap'; readonly path: string; readonly to: string }
  /** The recorder records what happened since its last run; `order` seeds the order of the paths. */
  | { readonly do: 'record'; readonly order: number };

/** A file on disk: its identity, and the text from which its content was made. */
interface BookedFile {
  readonly file: number;
  text: number;
}

/** Takes every step on disk and notes which file is where, as the history of moves must show it. */
export class FileBook {
  private readonly now = new Map<string, BookedFile>();
  private readonly touched = new Set<string>();
  /** The file at each path when the recorder last found one there. */
  private readonly last = new Map<string, BookedFile>();
  /** The file at each path at the recorder's last run. */
  private before = new Map<string, BookedFile>();
  private static count = 0;

  constructor(
    private readonly root: string,
    /** The folder in it that contains all paths of steps. */
    readonly base: string,
  ) {}

  take(step: Exclude<Step, { do: 'record' }>): void {
    const path = `${this.base}/${step.path}`;
    const to = 'to' in step ? `${this.base}/${step.to}` : path;
    switch (step.do) {
      case 'new':
        if (!this.now.has(path) && !this.isFolder(path)) this.make(path);
        break;
      case 'edit':
        if (this.now.has(path)) appendFileSync(this.on(path), `edited ${FileBook.count++}\n`);
        break;
      case 'rewrite':
        this.rewrite(path);
        break;
      case 'rm':
        if (this.now.delete(path)) rmSync(this.on(path));
        break;
      case 'mv':
        this.move(path, to);
        break;
      case 'cp':
        this.copy(path, to);
        break;
      case 'swap':
        if (!this.now.has(path) || !this.now.has(to) || path === to) return;
        this.move(path, `${path}.tmp`);
        this.move(to, path);
        this.move(`${path}.tmp`, to);
        break;
      case 'mvdir':
        this.moveFolder(dirname(path), dirname(to));
        break;
    }
    this.touched.add(path).add(to);
  }

  /** The paths at which something happened since this was last asked. */
  takeTouched(): string[] {
    const paths = [...this.touched];
    this.touched.clear();
    return paths;
  }

  /** Fails unless the versions of a run agree with the book; that run becomes the last one. */
  check(versions: readonly VersionRecord[]): void {
    const must = this.certainMoves();
    const recorded = new Map<string, string>();
    for (const { kind, path, renamedFrom } of versions) {
      if (kind === 'renamed') recorded.set(path, renamedFrom ?? '');
    }
    for (const [to, from] of must) assert.equal(recorded.get(to), from, `${to} was ${from}.`);
    for (const [to, from] of recorded) if (!must.has(to)) this.checkGuess(from, to);
    assert.equal(new Set(recorded.values()).size, recorded.size, 'A file has moved to one place only.');
    this.before = new Map([...this.now].map(([path, file]) => [path, { ...file }]));
    for (const [path, file] of this.before) this.last.set(path, file);
  }

  /** The present paths. */
  get paths(): string[] {
    return [...this.now.keys()];
  }

  /** A move that the file system does not show is only right where the text continued and the file did not. */
  private checkGuess(from: string, to: string): void {
    const what = `${from} → ${to}`;
    const [source, target] = [this.last.get(from), this.now.get(to)];
    assert.ok(source && target, `${what}: there were no such files.`);
    assert.ok(!this.before.has(to), `${what}: another file was there, whose history goes on.`);
    assert.equal(target.text, source.text, `${what}: they never had a line in common.`);
    const isAlive = [...this.now.values()].some(({ file }) => file === source.file && file !== target.file);
    assert.ok(!isAlive, `${what}: the file is still there, or elsewhere.`);
  }

  /**
   * By the new path, the old one of each file that is the same on the disk: along chains that lead from a path that is
   * empty now to one that was empty before, and around rings.
   */
  private certainMoves(): Map<string, string> {
    const was = new Map([...this.before].map(([path, { file }]) => [file, path]));
    const moved = new Map<string, string>();
    for (const [path, { file }] of this.now) {
      const from = was.get(file);
      if (from !== undefined && from !== path) moved.set(path, from);
    }
    const must = new Map<string, string>();
    for (const start of moved.keys()) {
      const chain = [start];
      for (let next = moved.get(start); next !== undefined && next !== start; next = moved.get(next)) chain.push(next);
      const end = chain.at(-1) ?? start;
      const isRing = moved.get(end) === start;
      const isWhole = isRing || (!this.before.has(start) && !this.now.has(end));
      if (!isWhole) continue;
      for (const path of chain) if (moved.has(path)) must.set(path, moved.get(path) ?? '');
    }
    return must;
  }

  private make(path: string): void {
    const text = FileBook.count++;
    mkdirSync(dirname(this.on(path)), { recursive: true });
    writeFileSync(this.on(path), textOf(text));
    this.now.set(path, { file: text, text });
  }

  private rewrite(path: string): void {
    const file = this.now.get(path);
    if (!file) return;
    file.text = FileBook.count++;
    writeFileSync(this.on(path), textOf(file.text));
  }

  private move(path: string, to: string): void {
    const file = this.now.get(path);
    if (!file || path === to || this.isFolder(to)) return;
    mkdirSync(dirname(this.on(to)), { recursive: true });
    renameSync(this.on(path), this.on(to));
    this.now.delete(path);
    this.now.set(to, file);
  }

  private copy(path: string, to: string): void {
    const file = this.now.get(path);
    if (!file || path === to || this.isFolder(to)) return;
    mkdirSync(dirname(this.on(to)), { recursive: true });
    copyFileSync(this.on(path), this.on(to));
    const there = this.now.get(to);
    if (there) there.text = file.text;
    else this.now.set(to, { file: FileBook.count++, text: file.text });
  }

  private moveFolder(from: string, to: string): void {
    if (from === to || !existsSync(this.on(from)) || existsSync(this.on(to))) return;
    renameSync(this.on(from), this.on(to));
    for (const [path, file] of [...this.now]) {
      if (dirname(path) !== from) continue;
      this.now.delete(path);
      this.now.set(join(to, path.slice(from.length + 1)), file);
    }
    this.touched.add(from).add(to);
  }

  private isFolder(path: string): boolean {
    return this.paths.some((each) => each.startsWith(`${path}/`));
  }

  private on(path: string): string {
    return join(this.root, path);
  }
}

/** No line of one text is in another. */
function textOf(count: number): string {
  return Array.from({ length: 20 }, (_, line) => `line ${line} of text ${count}, which no other has\n`).join('');
}
