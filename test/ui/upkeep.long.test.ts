import { after, before, describe } from 'node:test';
import { openDemo, type DemoWindow } from '../support/demoWindow';
import { forgettingTests } from './upkeep/forgettingTests';
import { keepingTests } from './upkeep/keepingTests';

/** All in one window; what is damaged at the end nobody needs any more. */
describe('the upkeep of a history', () => {
  let window: DemoWindow;
  const demo = (): DemoWindow => window;
  before(async () => (window = await openDemo()));
  after(() => window.close());

  describe('what is kept', () => keepingTests(demo));
  describe('what is forgotten, moved and checked', () => forgettingTests(demo));
});
