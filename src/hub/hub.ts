import { toDisposable, type Disposable } from '../model/disposable';

/** Tells subscribers of events by topic; one that throws is reported and the others still hear. */
export class Hub<E extends { readonly topic: string }> implements Disposable {
  private readonly byTopic = new Map<E['topic'], Set<Subscription<E>>>();

  constructor(
    private readonly topics: readonly E['topic'][],
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Hears the named topics, or all of them if none is named. */
  subscribe(topics: readonly E['topic'][], listener: (event: E) => void): Disposable {
    const subscription: Subscription<E> = { listener };
    const chosen = topics.length > 0 ? topics : this.topics;
    for (const topic of chosen) this.subscribersOf(topic).add(subscription);
    return toDisposable(() => {
      for (const topic of chosen) this.byTopic.get(topic)?.delete(subscription);
    });
  }

  publish(event: E): void {
    for (const { listener } of [...this.subscribersOf(event.topic)]) {
      try {
        listener(event);
      } catch (error) {
        this.onError(error);
      }
    }
  }

  dispose(): void {
    this.byTopic.clear();
  }

  private subscribersOf(topic: E['topic']): Set<Subscription<E>> {
    let subscribers = this.byTopic.get(topic);
    if (!subscribers) this.byTopic.set(topic, (subscribers = new Set()));
    return subscribers;
  }
}

/** Wrapped, so that the same function subscribed twice is heard twice and given back one by one. */
interface Subscription<E> {
  readonly listener: (event: E) => void;
}
