import type { Event } from '../model/events';

/** A setting's value and when it changes. */
export interface Setting<T> {
  readonly value: T;
  readonly onDidChange: Event<T>;
}
