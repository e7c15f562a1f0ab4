import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { systemClock } from '../../src/base/clock';
import { encodeContentRow } from '../../src/store/format/contentEncoding';
import type { VersionDraft } from '../../src/model/historyStore';
import { recordType } from '../../src/store/journal/journalFormat';
import { JournalWriter } from '../../src/store/journal/journalWriter';
import { nodeFilePort } from '../../src/store/disk/nodeFilePort';
import { openStore } from '../../src/store/openStore';
import { formatVersionId } from '../../src/store/format/versionKey';
import { encodeVersionRow } from '../../src/store/format/versionRow';
import type { Acknowledged } from './crashWriter';

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {
  return undefined;
}

function draftOf(at: string, text: string, time: number): VersionDraft & { readonly sha256: string } {
  const content = Buffer.from(text);
  const common = { path: at, kind: 'modified', cause: 'external', confidence: 'certain', changeSet: 'm' } as const;
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { ...common, time, size: content.length, sha256, eolOnly: false, binary: false, content };
}

/** A portable file with a history that no writer writes; returns its versions. */
export async function writePortable(file: string, wasmDir: string): Promise<Acknowledged[]> {
  const dir = `${file}.store`;
  const store = await openStore({ dir, wasmDir, files: nodeFilePort, clock: systemClock, log: silent });
  const drafts = Array.from({ length: 60 }, (_, n) =>
    draftOf(`imported/${n % 5}.txt`, `version ${n}\n`.repeat(n + 3), Date.now() + n),
  );
  const versions = await store.append(drafts);
  await store.exportTo(file, () => true);
  await store.close();
  rmSync(dir, { recursive: true, force: true });
  return versions;
}

/** A store of journals only, whose windows are gone. Returns its versions. */
export async function writeJournals(dir: string): Promise<Acknowledged[]> {
  mkdirSync(dir, { recursive: true });
  const versions: Acknowledged[] = [];
  for (const id of ['000000001first1', '000000002second']) {
    const journal = await JournalWriter.create(nodeFilePort, {
      id,
      path: `${dir}/${id}.gone${id.slice(8, 9)}.journal`,
    });
    for (let n = 0; n < 20; n++) {
      const time = Date.now() - 3_600_000 + n;
      const { content = Buffer.alloc(0), ...draft } = draftOf(`first/${n % 4}.txt`, `${id} ${n}\n`.repeat(n + 1), time);
      const meta = { sha256: draft.sha256, size: content.length, encoding: 'raw', depth: 0 } as const;
      await journal.add(recordType.content, encodeContentRow(meta), content);
      const version = formatVersionId({ time, writer: id.slice(9), sequence: n });
      const file = { originPath: draft.path, generation: 0 };
      await journal.add(recordType.version, encodeVersionRow({ ...draft, id: version, file }), Buffer.alloc(0));
      versions.push({ id: version, path: draft.path, time, sha256: draft.sha256 });
    }
    await journal.commit();
    await journal.close();
  }
  return versions;
}
