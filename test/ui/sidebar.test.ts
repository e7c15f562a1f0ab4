import { after, before, describe } from 'node:test';
import { openTestWindow, type TestWindow } from '../support/testWindow';
import { emptyTests } from './sidebar/emptyTests';
import { lossTests } from './sidebar/lossTests';
import { undoTests } from './sidebar/undoTests';
import { searchTests } from './sidebar/searchTests';

describe('in folders that Obby has not seen before', () => {
  let opened: TestWindow;
  const window = (): TestWindow => opened;
  before(async () => (opened = await openTestWindow(() => Promise.resolve(undefined))));
  after(() => opened.close());

  describe('the sidebar', () => emptyTests(window));
  describe('an event that deletes many files', () => lossTests(window));
  describe('a change of many files', () => undoTests(window));
  describe('the view Search', () => searchTests(window));
});
