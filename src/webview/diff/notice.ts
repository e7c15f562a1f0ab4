import { element, icon, iconButton, withTestId } from '../dom';
import { diffStrings } from './diffStrings';

/** A bar that says what went wrong, until it is dismissed. */
export class Notice {
  readonly element = withTestId(element('div', 'notice'), 'notice');

  constructor() {
    this.element.setAttribute('role', 'alert');
    this.clear();
  }

  show(message: string): void {
    const dismiss = iconButton('close', {
      title: diffStrings.dismiss,
      testId: 'dismiss-notice',
      onClick: () => this.clear(),
    });
    this.element.replaceChildren(icon('error'), element('span', 'notice-words', message), dismiss);
    this.element.hidden = false;
  }

  clear(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
  }
}
