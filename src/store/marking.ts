import type { Clock } from '../model/clock';
import { ObbyError } from '../model/errors';
import type { Label } from '../model/upkeep';
import type { VersionId, VersionRecord } from '../model/version';
import { maxLabelLength, type Mark } from './mark';
import type { StoreReader } from './storeReader';
import { randomName } from './versionKey';

export interface MarkingParts {
  readonly clock: Clock;
  readonly reader: StoreReader;
  /** Makes a mark durable. */
  readonly commit: (mark: Mark) => Promise<void>;
}

/** What people say of a history: labels and pins. */
export class Marking {
  constructor(private readonly parts: MarkingParts) {}

  async label(name: string, time?: number): Promise<Label> {
    const at = this.parts.clock.now();
    const label = { id: randomName(16), name: nameOf(name), time: time ?? at };
    await this.parts.commit({ type: 'label', ...label, removed: false, at });
    return label;
  }

  labels(): Promise<Label[]> {
    const { reader } = this.parts;
    return reader.read(() => reader.walk.labels());
  }

  async removeLabel(id: string): Promise<void> {
    const label = (await this.labels()).find((each) => each.id === id);
    if (label === undefined)
      throw new ObbyError('notFound', `There is no label ${JSON.stringify(id)} in this history.`);
    await this.parts.commit({ type: 'label', ...label, name: '', removed: true, at: this.parts.clock.now() });
  }

  async pin(id: VersionId, pinned: boolean): Promise<VersionRecord> {
    const { reader, clock, commit } = this.parts;
    await reader.version(id);
    await commit({ type: 'pin', version: id, pinned, at: clock.now() });
    return reader.version(id);
  }
}

/** A label's name in one line. */
function nameOf(name: string): string {
  const text = name.trim();
  if (text === '' || text.length > maxLabelLength || /[\r\n\0]/.test(text)) {
    throw new ObbyError('badArgument', `name: a label has 1 to ${maxLabelLength} characters in one line.`);
  }
  return text;
}
