import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { git, gitEnvironment } from './gitHistory';

/** One commit of the peer: under each path its new content, or undefined for a deletion. */
export type PeerCommit = readonly { readonly path: string; readonly content: PeerContent | undefined }[];

interface PeerContent {
  /** Tells contents apart. */
  readonly object: string;
  readonly bytes: Uint8Array;
}

/** What git needs for contents. */
export interface PeerSize {
  readonly blobs: number;
  /** Of the blobs in the pack and of their entries in its index; trees and commits are not counted. */
  readonly blobBytes: number;
  /** Of the pack and its index. */
  readonly packBytes: number;
}

/** In a pack's index: object name, checksum and offset. */
const indexEntryBytes = 28;

/**
 * Lets git store the same contents as well as it can: under their paths, which its search for deltas goes by, and packed
 * as tightly as `git repack -adf --window=250` does.
 */
export async function measureGit(dir: string, commits: AsyncIterable<PeerCommit>): Promise<PeerSize> {
  await importIntoGit(dir, commits);
  await git(dir, ['repack', '-adf', '--window=250', '--quiet']);
  const listed = await git(dir, [
    ...['cat-file', '--batch-all-objects', '--unordered'],
    '--batch-check=%(objecttype) %(objectsize:disk)',
  ]);
  const sizes = listed.split('\n').flatMap((line) => (line.startsWith('blob ') ? [Number(line.slice(5))] : []));
  const blobBytes = sizes.reduce((sum, size) => sum + size + indexEntryBytes, 0);
  return { blobs: sizes.length, blobBytes, packBytes: await packBytes(path.join(dir, 'objects', 'pack')) };
}

/** Makes a repository with the commits on its branch main. */
export async function importIntoGit(dir: string, commits: AsyncIterable<PeerCommit>): Promise<void> {
  await mkdir(dir, { recursive: true });
  await git(dir, ['init', '--quiet', '--bare', '--initial-branch=main', '.']);
  const child = spawn('git', ['fast-import', '--quiet', '--force'], {
    cwd: dir,
    env: gitEnvironment,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const closed = once(child, 'close');
  const write = async (part: Uint8Array | string): Promise<void> => {
    if (!child.stdin.write(part)) await once(child.stdin, 'drain');
  };
  const marks = new Map<string, number>();
  let count = 0;
  for await (const commit of commits) {
    for (const { content } of commit) {
      if (content === undefined || marks.has(content.object)) continue;
      marks.set(content.object, marks.size + 1);
      await write(`blob\nmark :${marks.size}\ndata ${content.bytes.length}\n`);
      await write(content.bytes);
      await write('\n');
    }
    await write(`commit refs/heads/main\ncommitter bench <bench@example.invalid> ${++count} +0000\ndata 0\n`);
    for (const { path: file, content } of commit) {
      const name = quoted(file);
      await write(content === undefined ? `D ${name}\n` : `M 100644 :${marks.get(content.object)} ${name}\n`);
    }
    await write('\n');
  }
  child.stdin.end();
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`git fast-import ended with ${code ?? 'a signal'}.`);
}

function quoted(file: string): string {
  return `"${file.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

async function packBytes(dir: string): Promise<number> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.pack') || name.endsWith('.idx'));
  const infos = await Promise.all(names.map((name) => stat(path.join(dir, name))));
  return infos.reduce((sum, { size }) => sum + size, 0);
}
