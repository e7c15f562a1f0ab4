import type { Disposable } from '../../base/disposable';
import type { ClientEvent } from '../../model/changeHint';

/** Sends the events of one turn of the event loop together, in order; a save is sent at once. */
export class EventBatcher implements Disposable {
  private waiting: ClientEvent[] = [];
  private immediate: NodeJS.Immediate | undefined;

  constructor(private readonly sendBatch: (events: readonly ClientEvent[]) => void) {}

  add(event: ClientEvent): void {
    this.waiting.push(event);
    if (event.type === 'save') this.send();
    else this.immediate ??= setImmediate(() => this.send());
  }

  send(): void {
    clearImmediate(this.immediate);
    this.immediate = undefined;
    const events = this.waiting;
    this.waiting = [];
    if (events.length > 0) this.sendBatch(events);
  }

  dispose(): void {
    clearImmediate(this.immediate);
    this.immediate = undefined;
    this.waiting = [];
  }
}
