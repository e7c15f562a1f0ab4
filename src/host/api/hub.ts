import type { Clock } from '../../base/clock';
import { toDisposable, type Disposable } from '../../base/disposable';

export interface HubOptions {
  readonly clock: Clock;
  /** Receives what a subscriber throws or rejects with, and reports of dropped events. */
  readonly onError: (error: unknown) => void;
}

/** A subscriber that takes this long for one event is slow: it gets its next events after all others. */
const slowMs = 10;
/** After this long the event loop is free for other work; enough for thousands of subscribers. */
const sliceMs = 8;
/** Events that wait in the queue, or for one slow subscriber; beyond them the oldest are dropped. */
const maxWaiting = 10_000;

/**
 * Delivers events to subscribers by topic, in the order of publication. No subscriber runs inside `publish`. An error of one
 * is reported and does not affect the others. A slow one gets its events after all others, one at a time, with the event
 * loop free in between.
 */
export class Hub<E extends { readonly topic: string }> implements Disposable {
  private readonly byTopic = new Map<E['topic'], Set<Subscription<E>>>();
  private readonly live = new Set<Subscription<E>>();
  private readonly queue: Publication<E>[] = [];
  private isDelivering = false;
  private readonly slow = new Set<Subscription<E>>();
  private isSlowScheduled = false;

  constructor(
    private readonly topics: readonly E['topic'][],
    private readonly options: HubOptions,
  ) {}

  /** Subscribes to the named topics, or to all of them if none is named, from now on. */
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
    this.pushBounded(this.queue, { event, to: [...to], delivered: 0 });
    if (this.isDelivering) return;
    this.isDelivering = true;
    queueMicrotask(() => this.deliverSlice());
  }

  dispose(): void {
    this.byTopic.clear();
    this.live.clear();
    this.slow.clear();
    this.queue.length = 0;
  }

  /** Delivers queued events until the slice is over. What a listener publishes meanwhile is queued behind them. */
  private deliverSlice(): void {
    const { clock } = this.options;
    let now = clock.elapsed();
    const end = now + sliceMs;
    for (let first = this.queue[0]; first; first = this.queue[0]) {
      const next = first.to[first.delivered++];
      if (next === undefined) this.queue.shift();
      else if (this.slow.has(next)) this.pushBounded(next.backlog, first.event);
      else now = this.deliver(next, first.event, now);
      if (now < end) continue;
      clock.after(0, () => this.deliverSlice());
      return;
    }
    this.isDelivering = false;
    this.scheduleSlow();
  }

  /** Calls a listener at the time `started`; returns the time after it. */
  private deliver(subscription: Subscription<E>, event: E, started: number): number {
    if (!this.live.has(subscription)) return started;
    const { clock, onError } = this.options;
    try {
      const result = subscription.listener(event);
      // The listener may be asynchronous.
      if (result instanceof Promise) result.catch(onError);
    } catch (error) {
      onError(error);
    }
    const now = clock.elapsed();
    if (now - started >= slowMs && this.live.has(subscription)) this.slow.add(subscription);
    return now;
  }

  private scheduleSlow(): void {
    if (this.slow.size === 0 || this.isSlowScheduled) return;
    this.isSlowScheduled = true;
    this.options.clock.after(0, () => {
      this.isSlowScheduled = false;
      this.deliverToSlow();
      this.scheduleSlow();
    });
  }

  /** Delivers one event to the slow subscriber that has waited longest. Without a backlog it is no longer slow. */
  private deliverToSlow(): void {
    const [subscription] = this.slow;
    if (!subscription) return;
    this.slow.delete(subscription);
    const event = subscription.backlog.shift();
    if (event === undefined) return;
    this.deliver(subscription, event, this.options.clock.elapsed());
    // Moves to the end of the slow ones.
    if (subscription.backlog.length > 0 && this.live.has(subscription)) this.slow.add(subscription);
  }

  private pushBounded<T>(waiting: T[], next: T): void {
    waiting.push(next);
    if (waiting.length <= maxWaiting) return;
    const dropped = waiting.splice(1, maxWaiting / 2).length;
    this.options.onError(new Error(`too slow, so that ${dropped} events were dropped`));
  }

  private subscribersOf(topic: E['topic']): Set<Subscription<E>> {
    let subscribers = this.byTopic.get(topic);
    if (!subscribers) this.byTopic.set(topic, (subscribers = new Set()));
    return subscribers;
  }
}

/** An object for each call of `subscribe`, so that one function can be subscribed twice. */
interface Subscription<E> {
  readonly listener: (event: E) => unknown;
  /** Events for a slow subscriber. */
  readonly backlog: E[];
}

interface Publication<E> {
  readonly event: E;
  /** The subscribers at the time of publication. */
  readonly to: readonly Subscription<E>[];
  /** How many of them are done. */
  delivered: number;
}
