/**
 * Takes the place of `@vscode/spdlog`, VS Code's native logger, which is not built in the registry-shipped host.
 * Without one, output channels stay empty and VS Code 1.82 spins forever in its flush.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

const levelNames = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
const info = 2;

/** The part of spdlog's logger that VS Code uses. Its files are not rotated: they live as long as one profile. */
export class Logger {
  private readonly file: number;
  private level = info;
  private isPlain = false;

  constructor(_type: string, _name: string, filename: string) {
    mkdirSync(path.dirname(filename), { recursive: true });
    this.file = openSync(filename, 'a');
  }

  trace(message: string): void {
    this.write(0, message);
  }

  debug(message: string): void {
    this.write(1, message);
  }

  info(message: string): void {
    this.write(2, message);
  }

  warn(message: string): void {
    this.write(3, message);
  }

  error(message: string): void {
    this.write(4, message);
  }

  critical(message: string): void {
    this.write(5, message);
  }

  getLevel(): number {
    return this.level;
  }

  setLevel(level: number): void {
    this.level = level;
  }

  /** VS Code knows one pattern only: time, level, message. */
  setPattern(): void {
    this.isPlain = false;
  }

  clearFormatters(): void {
    this.isPlain = true;
  }

  /** Every message is in the file when its call returns. */
  flush(): void {
    // Nothing is buffered.
  }

  drop(): void {
    closeSync(this.file);
  }

  private write(level: number, message: string): void {
    if (level < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    writeSync(this.file, this.isPlain ? message : `${time} [${levelNames[level] ?? 'info'}] ${message}\n`);
  }
}

export const version = 0;

export function setLevel(): void {
  // Each logger has its own.
}

export function setFlushOn(): void {
  // Nothing is buffered.
}

/** Opens a logger whose folder may not exist yet. */
export function createRotatingLogger(name: string, filename: string): Promise<Logger> {
  return Promise.resolve(new Logger('rotating', name, filename));
}

/** The same: VS Code tells them apart by when they return only. */
export function createAsyncRotatingLogger(name: string, filename: string): Promise<Logger> {
  return createRotatingLogger(name, filename);
}
