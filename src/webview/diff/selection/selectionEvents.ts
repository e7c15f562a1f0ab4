import { isSelectAll } from '../keys';
import type { TextView } from '../textView';

/** Makes selecting and copying act on the whole text in view, if there is one, instead of on its rendered rows. */
export function routeSelectionTo(view: () => TextView | undefined): void {
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
    // A menu, or VS Code in place of a key, selects the whole page.
    const isAll = event.target === document.body;
    if (isAll) selector.selectAll();
    if (isAll || isInText) event.preventDefault();
    else selector.yield();
  });
  // Signals that there is something to copy; otherwise a copy from a menu or VS Code does not happen.
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

/** The selected text of the view; `''` while another part of the page is selected. */
function copied(view: TextView | undefined): string {
  const isElsewhere = document.getSelection()?.isCollapsed === false;
  return isElsewhere || !view ? '' : view.selector.selectedText;
}
