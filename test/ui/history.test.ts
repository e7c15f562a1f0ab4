import { after, before, describe } from 'node:test';
import { openDemo, type DemoWindow } from '../support/demoWindow';
import { compareTests } from './history/compareTests';
import { diffTests } from './history/diffTests';
import { lineTests } from './history/lineTests';
import { reloadTests } from './history/reloadTests';
import { restoreTests } from './history/restoreTests';
import { windowTests } from './history/windowTests';

/** All in one window, in the order in which someone might do it. */
describe('in a workspace with a history', () => {
  let window: DemoWindow;
  const demo = (): DemoWindow => window;
  before(async () => (window = await openDemo()));
  after(() => window.close());

  describe('the diff panel', () => diffTests(demo));
  describe('a comparison', () => compareTests(demo));
  describe('the history of lines', () => lineTests(demo));
  describe('the window', () => windowTests(demo));
  describe('a restore', () => restoreTests(demo));
  describe('a reload', () => reloadTests(demo));
});
