import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { bytesOf, type DiskStep, type ProgramStep } from './step';

/** What only a window can do. */
export interface Editor {
  save(file: string, text: string): Promise<boolean>;
  rename(from: string, to: string): Promise<boolean>;
  delete(file: string): Promise<boolean>;
}

/** A folder in which steps are done for real. */
export class Place {
  constructor(
    /** Absolute path, without links. */
    readonly root: string,
    private readonly editor: Editor,
  ) {}

  /** Does a step; resolves with whether it applied: what it is about may not exist (any more). */
  async perform(step: DiskStep | ProgramStep): Promise<boolean> {
    switch (step.do) {
      case 'save':
        return this.isFile(step.path) && this.editor.save(step.path, bytesOf(step.content).toString());
      case 'rename in VS Code':
        return this.canMove(step.from, step.to) && !this.exists(step.to) && this.editor.rename(step.from, step.to);
      case 'delete in VS Code':
        return this.exists(step.path) && this.editor.delete(step.path);
      case 'git':
        return this.git(step.args);
      case 'write':
      case 'replace':
      case 'append':
      case 'truncate':
      case 'rules':
      case 'move':
      case 'swap':
      case 'copy':
      case 'make folders':
      case 'remove':
      case 'touch':
        return attempt(() => this.onDisk(step));
    }
  }

  /** Makes the folder a git repository with two branches, on the second. */
  async initialize(): Promise<void> {
    const commands = [
      'init -q -b first',
      'config gc.auto 0',
      'add -A',
      'commit -qm first',
      'checkout -q -b second',
      'mv b.md src/second.md',
      'commit -qm second',
    ];
    for (const command of commands) {
      if (!(await this.git(command.split(' ')))) throw new Error(`git ${command} failed in ${this.root}.`);
    }
  }

  private onDisk(step: DiskStep): boolean {
    switch (step.do) {
      case 'write':
        return this.write(step.path, bytesOf(step.content));
      case 'rules':
        return this.write(step.path, Buffer.from(step.lines.map((line) => `${line}\n`).join('')));
      case 'replace':
        return this.replace(step.path, bytesOf(step.content));
      case 'append':
        if (!this.isFile(step.path)) return false;
        fs.appendFileSync(this.at(step.path), bytesOf(step.content));
        return true;
      case 'truncate':
        if (!this.isFile(step.path)) return false;
        fs.truncateSync(this.at(step.path), Math.min(step.size, fs.statSync(this.at(step.path)).size));
        return true;
      case 'touch':
        if (!this.isFile(step.path)) return false;
        fs.utimesSync(this.at(step.path), new Date(), new Date());
        return true;
      case 'make folders':
        fs.mkdirSync(this.at(step.path), { recursive: true });
        return true;
      case 'remove':
        if (!this.exists(step.path)) return false;
        fs.rmSync(this.at(step.path), { recursive: true });
        return true;
      case 'copy':
        if (!this.canMove(step.from, step.to)) return false;
        fs.cpSync(this.at(step.from), this.at(step.to), { recursive: true });
        return true;
      case 'move':
        if (!this.canMove(step.from, step.to)) return false;
        fs.renameSync(this.at(step.from), this.at(step.to));
        return true;
      case 'swap':
        return this.swap(step.from, step.to);
    }
  }

  /** Makes the folders above too, as most programs do. */
  private write(file: string, bytes: Buffer): boolean {
    fs.mkdirSync(path.posix.dirname(this.at(file)), { recursive: true });
    fs.writeFileSync(this.at(file), bytes);
    return true;
  }

  /** As most editors save: the new file takes the place of the old one. */
  private replace(file: string, bytes: Buffer): boolean {
    if (!this.isFile(file)) return false;
    const temporary = this.at(`${path.posix.dirname(file)}/.replacing`);
    fs.writeFileSync(temporary, bytes);
    fs.renameSync(temporary, this.at(file));
    return true;
  }

  private swap(from: string, to: string): boolean {
    if (from === to || !this.isFile(from) || !this.isFile(to)) return false;
    const aside = this.at(`${path.posix.dirname(from)}/.swapping`);
    fs.renameSync(this.at(from), aside);
    fs.renameSync(this.at(to), this.at(from));
    fs.renameSync(aside, this.at(to));
    return true;
  }

  /** Whether there is something to move, and a folder to move it to that does not lie inside of it. */
  private canMove(from: string, to: string): boolean {
    const isInside = `${to}/`.startsWith(`${from}/`) || `${from}/`.startsWith(`${to}/`);
    return !isInside && this.exists(from) && this.exists(path.posix.dirname(to));
  }

  private async git(args: readonly string[]): Promise<boolean> {
    const settings = ['user.name=Me', 'user.email=me@example.org', 'core.autocrlf=false'];
    const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
    try {
      await promisify(execFile)('git', [...settings.flatMap((each) => ['-c', each]), ...args], { cwd: this.root, env });
      return true;
    } catch {
      return false;
    }
  }

  private at(file: string): string {
    return path.join(this.root, file);
  }

  private exists(file: string): boolean {
    return fs.existsSync(this.at(file));
  }

  private isFile(file: string): boolean {
    return this.exists(file) && fs.statSync(this.at(file)).isFile();
  }
}

/** What cannot be done (a folder is in the way) is not done. */
function attempt(act: () => boolean): boolean {
  try {
    return act();
  } catch {
    return false;
  }
}
