import { after, before, describe } from 'node:test';
import { openTestWindow, type TestWindow } from '../support/testWindow';
import { hostileTests } from './sidebar/hostileTests';
import { troubleTests } from './sidebar/troubleTests';

describe('in folders with what nobody expects', () => {
  let opened: TestWindow;
  const window = (): TestWindow => opened;
  before(async () => (opened = await openTestWindow(() => Promise.resolve(undefined))));
  after(() => opened.close());

  describe('hostile names and contents', () => hostileTests(window));
  describe('trouble', () => troubleTests(window));
});
