/**
 * The keys of a map from the oldest on, for a cache that lets go of them in this order. An iterator that is begun anew
 * each time would go over every place that was left since the map last grew.
 */
export class OldestKeys<K> {
  private keys: Iterator<K>;

  constructor(private readonly map: ReadonlyMap<K, unknown>) {
    this.keys = map.keys();
  }

  /** The oldest key that is in the map, which is to be deleted from it now; undefined when there is none. */
  next(): K | undefined {
    let next = this.keys.next();
    if (next.done === true) {
      // An iterator that came to the end stays there, whatever is added later.
      this.keys = this.map.keys();
      next = this.keys.next();
    }
    return next.done === true ? undefined : next.value;
  }
}
