import { createHash } from 'node:crypto';
import path from 'node:path';
import { bytesByKind, openBenchStore, tidy } from './benchStore';
import type { Bench, Group, Measured } from './figure';
import { readHistory } from './gitHistory';
import { measureGit, type PeerCommit, type PeerSize } from './gitPeer';
import { historyClock, replay, Source, type Replayed } from './replay';

/** The newest commits with about this many changes of files are enough for every day. */
const quickChanges = 3_000;
/** Versions that are read back to see that they are right. */
const checked = 500;

/** A real history in the store, and in git. */
export const storeFigures: Group = {
  kinds: [
    { name: 'store.bytes.vs.git', unit: '×', bound: 1 },
    { name: 'store.bytes.vs.gitPack', unit: '×' },
    { name: 'store.ratio.full', unit: '×' },
    { name: 'store.bytes', unit: 'bytes' },
    { name: 'ingest.versions.per.s', unit: '1/s' },
  ],
  async measure(bench) {
    const source = new Source(bench.repo, await commitsOf(bench));
    const storeDir = path.join(bench.folder, 'store');
    const replayed = await replayInto(storeDir, source);
    const kinds = await bytesByKind(storeDir);
    const bytes = [...kinds.values()].reduce((sum, size) => sum + size, 0);
    bench.say(`  ${describe(replayed, source, bytes)}`);
    bench.say(`  ${[...kinds].map(([kind, size]) => `${kind} ${count(size)}`).join(', ')} bytes`);
    const git = await measureGit(path.join(bench.folder, 'git'), peerCommits(source));
    if (git.blobs !== replayed.contents) {
      throw new Error(`The store has ${replayed.contents} contents, git ${git.blobs}: they cannot be compared.`);
    }
    return figuresOf(replayed, bytes, git, bench);
  },
};

function figuresOf(replayed: Replayed, bytes: number, git: PeerSize, { isQuick, repo }: Bench): Map<string, Measured> {
  const what = `${repo}${isQuick ? ', newest part (quick)' : ''}`;
  const contents = `${count(replayed.versions)} versions, ${count(replayed.contents)} contents of ${what}`;
  const vsGit = bytes / git.blobBytes;
  const vsPack = bytes / git.packBytes;
  const copies = replayed.copyBytes / bytes;
  return new Map<string, Measured>([
    ['store.bytes.vs.git', { value: vsGit, peer: git.blobBytes, ratio: vsGit, note: `${contents}; git: blobs alone` }],
    [
      'store.bytes.vs.gitPack',
      { value: vsPack, peer: git.packBytes, ratio: vsPack, note: 'git: whole pack and index' },
    ],
    ['store.ratio.full', { value: copies, peer: replayed.copyBytes, note: 'peer: bytes of a full copy a version' }],
    ['store.bytes', { value: bytes, note: `${megabytes(replayed.contentBytes)} of distinct contents` }],
    ['ingest.versions.per.s', { value: (replayed.versions / replayed.ms) * 1000, note: 'each commit durable' }],
  ]);
}

async function commitsOf({ repo, isQuick }: Bench) {
  const commits = await readHistory(repo);
  if (!isQuick) return commits;
  let first = commits.length;
  for (let changes = 0; first > 0 && changes < quickChanges; first--)
    changes += commits[first - 1]?.changes.length ?? 0;
  return commits.slice(first);
}

/** Records everything, lets the store tidy up, and reads some of it back. */
async function replayInto(dir: string, source: Source): Promise<Replayed> {
  const clock = historyClock();
  const store = await openBenchStore(dir, clock);
  const replayed = await replay(source, store, clock);
  await tidy(store);
  await store.close();
  const again = await openBenchStore(dir, clock);
  const { recorded } = replayed;
  for (let index = 0; index < Math.min(checked, recorded.length); index++) {
    const { id, sha256 } = recorded[Math.floor((index * recorded.length) / checked) % recorded.length] ?? {};
    if (id === undefined) continue;
    const found = createHash('sha256')
      .update(await again.content(id))
      .digest('hex');
    if (found !== sha256) throw new Error(`The store gives back other bytes for version ${id}.`);
  }
  await again.close();
  return replayed;
}

async function* peerCommits(source: Source): AsyncGenerator<PeerCommit> {
  for await (const { changes } of source.read()) yield changes;
}

function describe(replayed: Replayed, { commits, left }: Source, bytes: number): string {
  const { versions, contents, contentBytes, copyBytes } = replayed;
  const missing = left.size === 0 ? '' : `; left out: ${left.size} contents that git lacks or that are over 5 MB`;
  return (
    `${count(commits.length)} commits, ${count(versions)} versions (${megabytes(copyBytes)}), ${count(contents)} contents ` +
    `(${megabytes(contentBytes)}) in ${megabytes(bytes)}${missing}`
  );
}

const count = (n: number): string => n.toLocaleString('en-US');
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
