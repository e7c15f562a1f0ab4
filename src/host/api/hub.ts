import type { Clock } from '../../base/clock';
import { toDisposable, type Disposable } from '../../base/disposable';

export interface HubOptions {
  readonly clock: Clock;
  /** Hears what a subscriber throws or rejects with, and of events that nobody heard or one did not. */
  readonly onError: (error: unknown) => void;
}

/** A subscriber that takes this long over one event waits from then on until the others have heard. */
const slowMs = 10;
/** After this long the event loop is free for others, then the rest is told: enough for thousands of subscribers. */
const sliceMs = 8;
/** Events that wait for everybody, or for one that is slow; beyond them the oldest are dropped. */
const maxWaiting = 10_000;

/**
 * Tells subscribers of events by topic, each in the order of publication. No subscriber runs inside `publish`, so that
 * whoever publishes goes on at once. One that throws is reported and the others still hear; one that is slow hears after
 * everybody else, one event at a time, with the event loop free in between.
 */
export class Hub<E extends { readonly topic: string }> implements Disposable {
  private readonly byTopic = new Map<E['topic'], Set<Subscription<E>>>();
  private readonly live = new Set<Subscription<E>>();
  private readonly queue: Publication<E>[] = [];
  private isTelling = false;
  private readonly slow = new Set<Subscription<E>>();
  private isTellingSlow = false;

  constructor(
    private readonly topics: readonly E['topic'][],
    private readonly options: HubOptions,
  ) {}

  /** Hears the named topics, or all of them if none is named: what is published from now on. */
  subscribe(topics: readonly E['topic'][], listener: (event: E) => unknown): Disposable {
    const subscription: Subscription<E> = { listener, backlog: [] };
    const chosen = topics.length > 0 ? topics : this.topics;
    for (const topic of chosen) this.subscribersOf(topic).add(subscription);
    this.live.add(subscription);
    return toDisposable(() => {
      for (const topic of chosen) this.byTopic.get(topic)?.delete(subscription);
      this.live.delete(subscription);
      this.slow.delete(subscription);
    });
  }

  publish(event: E): void {
    const to = this.subscribersOf(event.topic);
    if (to.size === 0) return;
    this.bounded(this.queue, { event, to: [...to], told: 0 });
    if (this.isTelling) return;
    this.isTelling = true;
    queueMicrotask(() => this.tellAll());
  }

  dispose(): void {
    this.byTopic.clear();
    this.live.clear();
    this.slow.clear();
    this.queue.length = 0;
  }

  /** Tells what waits until the slice is over. A listener may publish: that is told after the rest. */
  private tellAll(): void {
    const { clock } = this.options;
    let now = clock.now();
    const end = now + sliceMs;
    for (let first = this.queue[0]; first; first = this.queue[0]) {
      const next = first.to[first.told++];
      if (next === undefined) this.queue.shift();
      else if (this.slow.has(next)) this.bounded(next.backlog, first.event);
      else now = this.tell(next, first.event, now);
      if (now < end) continue;
      clock.after(0, () => this.tellAll());
      return;
    }
    this.isTelling = false;
    this.tellSlowLater();
  }

  /** From `started` until the returned time. */
  private tell(subscription: Subscription<E>, event: E, started: number): number {
    if (!this.live.has(subscription)) return started;
    const { clock, onError } = this.options;
    try {
      const result = subscription.listener(event);
      // A listener may be asynchronous; nobody else hears of its rejection.
      if (result instanceof Promise) result.catch(onError);
    } catch (error) {
      onError(error);
    }
    const now = clock.now();
    if (now - started >= slowMs && this.live.has(subscription)) this.slow.add(subscription);
    return now;
  }

  private tellSlowLater(): void {
    if (this.slow.size === 0 || this.isTellingSlow) return;
    this.isTellingSlow = true;
    this.options.clock.after(0, () => {
      this.isTellingSlow = false;
      this.tellSlow();
      this.tellSlowLater();
    });
  }

  /** One event of the slow subscriber that has waited longest; one that has heard all is like the others again. */
  private tellSlow(): void {
    const [subscription] = this.slow;
    if (!subscription) return;
    this.slow.delete(subscription);
    const event = subscription.backlog.shift();
    if (event === undefined) return;
    this.tell(subscription, event, this.options.clock.now());
    // To the end of the row until its backlog is told.
    if (subscription.backlog.length > 0 && this.live.has(subscription)) this.slow.add(subscription);
  }

  private bounded<T>(waiting: T[], next: T): void {
    waiting.push(next);
    if (waiting.length <= maxWaiting) return;
    const dropped = waiting.splice(1, maxWaiting / 2).length;
    this.options.onError(new Error(`too slow for what happens, so that ${dropped} events were not told`));
  }

  private subscribersOf(topic: E['topic']): Set<Subscription<E>> {
    let subscribers = this.byTopic.get(topic);
    if (!subscribers) this.byTopic.set(topic, (subscribers = new Set()));
    return subscribers;
  }
}

/** An object of its own, so that the same function subscribed twice is heard twice and given back one by one. */
interface Subscription<E> {
  readonly listener: (event: E) => unknown;
  /** What it has not heard yet, being slow. */
  readonly backlog: E[];
}

/** An event on its way. */
interface Publication<E> {
  readonly event: E;
  /** Those who were subscribed when it was published. */
  readonly to: readonly Subscription<E>[];
  /** How many of them have had their turn. */
  told: number;
}
