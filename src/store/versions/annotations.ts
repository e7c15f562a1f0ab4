import type { Clock } from '../../base/clock';
import { ObbyError } from '../../base/errors';
import type { LabelRecord } from '../../model/historyMaintenance';
import type { VersionId, VersionRecord } from '../../model/version';
import { maxLabelLength, type Annotation } from '../format/annotation';
import type { StoreReader } from './storeReader';
import { randomName } from '../format/versionKey';

export interface AnnotationsDeps {
  readonly clock: Clock;
  readonly reader: StoreReader;
  /** The newest time in an id of a version. */
  readonly lastTime: () => number;
  /** Makes an annotation durable. */
  readonly commit: (annotation: Annotation) => Promise<void>;
}

/** Labels and pins. */
export class Annotations {
  constructor(private readonly deps: AnnotationsDeps) {}

  async label(name: string, time?: number): Promise<LabelRecord> {
    const { clock, commit, lastTime } = this.deps;
    const at = clock.now();
    const label = { id: randomName(16), name: nameOf(name), time: time ?? at };
    // What was recorded while the clock was ahead is part of the present state too.
    const stood = time ?? Math.max(at, lastTime());
    await commit({ type: 'label', ...label, time: stood, removed: false, at });
    return label;
  }

  labels(): Promise<LabelRecord[]> {
    const { reader } = this.deps;
    return reader.read(() => reader.walk.labels());
  }

  async removeLabel(id: string): Promise<void> {
    const label = (await this.labels()).find((each) => each.id === id);
    if (label === undefined)
      throw new ObbyError('notFound', `There is no label ${JSON.stringify(id)} in this history.`);
    await this.deps.commit({ type: 'label', ...label, name: '', removed: true, at: await this.after() });
  }

  async pin(id: VersionId, pinned: boolean): Promise<VersionRecord> {
    const { reader, commit } = this.deps;
    await reader.version(id);
    await commit({ type: 'pin', version: id, pinned, at: await this.after() });
    return reader.version(id);
  }

  /** Now, but later than any other annotation: of two about one version the later one counts, whatever the clock does. */
  private after(): Promise<number> {
    const { reader, clock } = this.deps;
    return reader.read(() => Math.max(clock.now(), reader.walk.lastAnnotated() + 1));
  }
}

/** A trimmed, valid name of a label. */
function nameOf(name: string): string {
  const text = name.trim();
  if (text === '' || text.length > maxLabelLength || /[\r\n\0]/.test(text)) {
    throw new ObbyError('badArgument', `name: a label has 1 to ${maxLabelLength} characters in one line.`);
  }
  return text;
}
