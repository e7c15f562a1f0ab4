import { element, icon, withTestId } from '../dom';

export interface Message {
  /** Name of a codicon. */
  readonly icon: string;
  readonly title: string;
  readonly detail?: string;
  readonly buttons?: readonly HTMLElement[];
  readonly isAlert?: boolean;
}

/** What stands in place of numbers. */
export function storageMessageElement({
  icon: name,
  title,
  detail,
  buttons = [],
  isAlert = false,
}: Message): HTMLElement {
  const created = element(
    'div',
    isAlert ? 'message alert' : 'message',
    icon(name),
    element('p', 'message-title', title),
    detail !== undefined && element('p', 'message-detail', detail),
    buttons.length > 0 && element('div', 'buttons', ...buttons),
  );
  created.setAttribute('role', isAlert ? 'alert' : 'status');
  return withTestId(created, 'storage-message');
}
