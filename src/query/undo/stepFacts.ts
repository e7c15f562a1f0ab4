import { countChanges } from '../../diff/textDiff';
import { GitObjects } from '../../track/git/gitObjects';
import type { OpenHistory } from '../openHistory';
import { isChanged, type PlannedFile, type StepFacts } from './plannedFile';

const whatElse = 'what an undo changes';
const nothing = new Uint8Array();

/** Finds out what people want to know of a step: its lines, and whether what it replaces exists elsewhere. */
export class StepFactsReader {
  private readonly git: GitObjects | undefined;

  constructor(private readonly history: OpenHistory) {
    const { optional, gitFiles, root } = history;
    const gitDir = optional.try(whatElse, () => gitFiles.gitDirOf(root));
    this.git = gitDir === undefined ? undefined : new GitObjects(gitDir, optional, gitFiles);
  }

  /** A failure costs only the facts. */
  async of(planned: PlannedFile): Promise<StepFacts> {
    if (!isChanged(planned)) return {};
    return (await this.history.optional.run(whatElse, () => this.read(planned))) ?? {};
  }

  close(): void {
    this.git?.close();
  }

  private async read(planned: PlannedFile): Promise<StepFacts> {
    const { present, next } = planned;
    const isReplaced = present.content !== undefined && present.content.sha256 !== next.content?.sha256;
    const counts = knownCounts(planned) ?? (await this.counts(planned));
    return { ...counts, ...(isReplaced && { existsElsewhere: await this.existsElsewhere(present) }) };
  }

  private async counts({ present, next }: PlannedFile): Promise<StepFacts> {
    const [before, after] = await Promise.all([readOf(present), readOf(next)]);
    const { added, removed, eolOnly } = countChanges(before ?? nothing, after ?? nothing);
    return eolOnly || added === undefined || removed === undefined ? {} : { added, removed };
  }

  private async existsElsewhere({ path, content }: PlannedFile['present']): Promise<boolean> {
    if (!content) return true;
    const holders = await this.history.store.headsOf(content.sha256, 2);
    if (holders.some(({ version }) => version.path !== path)) return true;
    return this.git?.has(await content.read()) ?? false;
  }
}

async function readOf({ content }: PlannedFile['next']): Promise<Uint8Array | undefined> {
  return content?.read();
}

/** Of the usual undo, of one change that nobody edited since. */
function knownCounts({ file, present, next }: PlannedFile): StepFacts | undefined {
  const [run, ...others] = file.runs;
  const [version, ...more] = run?.versions ?? [];
  if (!version || !run?.before || others.length > 0 || more.length > 0) return undefined;
  const isReverse = present.content?.sha256 === version.sha256 && next.content?.sha256 === run.before.sha256;
  const { added, removed, eolOnly } = version;
  if (!isReverse || eolOnly || added === undefined || removed === undefined) return undefined;
  return { added: removed, removed: added };
}
