import { isSelectAll } from '../keys';
import type { TextView } from '../textView';

/** Lets the page's ways to select and copy act on the text in view, if there is one, instead of on what is drawn of it. */
export function giveSelectionTo(view: () => TextView | undefined): void {
  window.addEventListener('keydown', (event) => {
    const { selector } = view() ?? {};
    if (!selector || !isSelectAll(event)) return;
    selector.selectAll();
    event.preventDefault();
  });
  document.addEventListener('selectstart', (event) => {
    const { element, selector } = view() ?? {};
    if (!element || !selector || !(event.target instanceof Node)) return;
    const isInText = element.contains(event.target);
    // Of the page as a whole when a menu, or VS Code in place of a key, selects all.
    const isAll = event.target === document.body;
    if (isAll) selector.selectAll();
    if (isAll || isInText) event.preventDefault();
    else selector.yield();
  });
  // Says that there is something to copy; otherwise a copy that a menu or VS Code asks for does not happen.
  document.addEventListener('beforecopy', (event) => {
    if (copied(view()) !== '') event.preventDefault();
  });
  document.addEventListener('copy', (event) => {
    const text = copied(view());
    if (text === '') return;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  });
}

/** What is copied of the text in view; `''` while other words of the page are selected. */
function copied(view: TextView | undefined): string {
  const isElsewhere = document.getSelection()?.isCollapsed === false;
  return isElsewhere || !view ? '' : view.selector.selectedText;
}
