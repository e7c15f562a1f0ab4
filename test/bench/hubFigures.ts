import { Hub } from '../../src/host/api/hub';
import { systemClock } from '../../src/base/clock';
import type { Group } from './figure';
import { median, msOfEach, percentile } from './timing';

const subscribers = 10_000;

/** How long one event takes to reach everyone. */
export const hubFigures: Group = {
  kinds: [{ name: 'hub.broadcast.ms', unit: 'ms', bound: 5 }],
  async measure({ isQuick }) {
    const onError = (error: unknown): never => {
      throw error;
    };
    const hub = new Hub<{ readonly topic: 'version' | 'scan' }>(['version', 'scan'], { clock: systemClock, onError });
    let heard = 0;
    let allHeard: () => void = () => undefined;
    for (let index = 0; index < subscribers; index++) {
      hub.subscribe(['version'], () => {
        if (++heard % subscribers === 0) allHeard();
      });
    }
    const broadcast = (): Promise<void> =>
      new Promise((resolve) => {
        allHeard = resolve;
        hub.publish({ topic: 'version' });
      });
    const times = await msOfEach(isQuick ? 50 : 500, broadcast, 1);
    const many = `${times.length} broadcasts to ${subscribers.toLocaleString('en-US')} subscribers`;
    const note = `median of ${many}; 99 % within ${percentile(times, 0.99).toFixed(2)} ms`;
    return new Map([['hub.broadcast.ms', { value: median(times), note }]]);
  },
};
