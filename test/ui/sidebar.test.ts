import { after, before, describe } from 'node:test';
import { emptyTests } from './sidebar/emptyTests';
import { hostileTests } from './sidebar/hostileTests';
import { openSidebar, type SidebarWindow } from './sidebar/sidebarWindow';
import { troubleTests } from './sidebar/troubleTests';

describe('in folders that Obby has not seen before', () => {
  let opened: SidebarWindow;
  const window = (): SidebarWindow => opened;
  before(async () => (opened = await openSidebar()));
  after(() => opened.close());

  describe('the sidebar', () => emptyTests(window));
  describe('hostile names and contents', () => hostileTests(window));
  describe('trouble', () => troubleTests(window));
});
