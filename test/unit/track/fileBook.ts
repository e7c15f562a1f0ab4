import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync, appendFileSync, copyFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { VersionRecord } from '../../../src/model/version';

export type Step =
  | { readonly do: 'new' | 'edit' | 'rewrite' | 'rm'; readonly path: string }
  | { readonly do: 'mv' | 'cp' | 'mvdir' | 'swap'; readonly path: string; readonly to: string }
  /** The recorder looks, at what happened since it last did, in an order that this decides. */
  | { readonly do: 'look'; readonly order: number };

/** A file on the disk: what it is, whatever it is called, and from which text what it holds was made. */
interface BookedFile {
  readonly file: number;
  text: number;
}

/** Takes every step on the disk, and writes down which file is where: what a history of moves must agree with. */
export class FileBook {
  private readonly now = new Map<string, BookedFile>();
  private readonly touched = new Set<string>();
  /** What lay at each path when the recorder last looked and found a file there. */
  private readonly last = new Map<string, BookedFile>();
  /** What lay at each path when the recorder last looked. */
  private before = new Map<string, BookedFile>();
  private static count = 0;

  constructor(
    private readonly root: string,
    /** The folder in it that all paths of steps lie in. */
    readonly base: string,
  ) {}

  take(step: Exclude<Step, { do: 'look' }>): void {
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

  /** Fails unless what the recorder made of a look agrees with the book; from now on, this look is the last. */
  check(versions: readonly VersionRecord[]): void {
    const must = this.certainMoves();
    const told = new Map<string, string>();
    for (const { kind, path, renamedFrom } of versions) {
      if (kind === 'renamed') told.set(path, renamedFrom ?? '');
    }
    for (const [to, from] of must) assert.equal(told.get(to), from, `${to} was ${from}.`);
    for (const [to, from] of told) if (!must.has(to)) this.checkGuess(from, to);
    assert.equal(new Set(told.values()).size, told.size, 'A file has moved to one place only.');
    this.before = new Map([...this.now].map(([path, file]) => [path, { ...file }]));
    for (const [path, file] of this.before) this.last.set(path, file);
  }

  /** What is there now. */
  get paths(): string[] {
    return [...this.now.keys()];
  }

  /** A move that the file system does not show may only be told where the text went on and the file did not. */
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
