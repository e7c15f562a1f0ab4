import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const name = 'file.txt';

/** git's answers about the lines of a file that had some texts, the oldest first; revisions are told by their index. */
export class BlameOracle {
  private readonly root = mkdtempSync(join(tmpdir(), 'obby-blame-'));

  constructor(texts: readonly string[]) {
    this.git(['init', '--quiet', '--template=', '--bare', '.']);
    const commits = texts.map((text, at) => {
      const data = (content: string): string => `data ${Buffer.byteLength(content)}\n${content}\n`;
      const head = `commit refs/heads/main\ncommitter a <a@b> ${1_000_000 + at} +0000\n${data(`at ${at}`)}`;
      return `${head}M 100644 inline ${name}\n${data(text)}\n`;
    });
    this.git(['fast-import', '--quiet'], commits.join(''));
  }

  /** For each line the text that last changed it, but for white space and moves. */
  blame(): number[] {
    const told = this.git(['blame', '-w', '-M', '--porcelain', 'main', '--', name]);
    const summaries = new Map<string, number>();
    const lines: string[] = [];
    let commit = '';
    for (const line of told.split('\n')) {
      const start = /^([0-9a-f]{40}) \d+ \d+/.exec(line);
      if (start) commit = start[1] ?? '';
      else if (line.startsWith('summary at ')) summaries.set(commit, Number(line.slice('summary at '.length)));
      else if (line.startsWith('\t')) lines.push(commit);
    }
    return lines.map((id) => summaries.get(id) ?? -1);
  }

  /** The texts that changed some lines (0-based, half-open) of the newest one, newest first. */
  changesOf(start: number, end: number): number[] {
    const told = this.git(['log', '-s', '--format=%s', `-L${start + 1},${end}:${name}`, 'main']);
    return told.split('\n').flatMap((line) => (line.startsWith('at ') ? [Number(line.slice('at '.length))] : []));
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private git(args: readonly string[], input = ''): string {
    return execFileSync('git', args, { cwd: this.root, input, encoding: 'utf8', maxBuffer: 1 << 26 });
  }
}
