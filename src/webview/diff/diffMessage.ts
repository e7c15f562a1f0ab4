import type { Body, DiffAction, DiffState, SideView } from '../protocol';
import { element, icon, iconButton, textButton, withTestId } from '../dom';
import { diffStrings } from '../strings';

interface Message {
  readonly icon: string;
  readonly title: string;
  readonly detail?: string;
  readonly isAlert?: boolean;
  readonly facts?: HTMLElement;
  readonly buttons?: readonly HTMLElement[];
}

export interface MessageEvents {
  readonly onAction: (action: DiffAction) => void;
  /** Shows lines although only their endings or encoding differ. */
  readonly onShowLines: () => void;
}

/** A message in place of lines, with its actions. */
export function diffMessageElement(state: DiffState, events: MessageEvents): HTMLElement {
  const { body } = state;
  if (body.kind === 'loading') return loadingElement();
  const { icon: iconName, title, detail, isAlert, facts, buttons = [] } = messageOf(state, events);
  const created = element(
    'div',
    'message',
    icon(iconName),
    element('h2', '', title),
    detail !== undefined && element('p', '', detail),
    facts,
    buttons.length > 0 && element('div', 'buttons', ...buttons),
  );
  created.setAttribute('role', isAlert ? 'alert' : 'status');
  created.dataset['state'] = body.kind === 'text' ? (body.only ?? 'text') : body.kind;
  return withTestId(created, 'diff-message');
}

function messageOf(state: DiffState, events: MessageEvents): Message {
  const { body } = state;
  const button = (words: string, action: DiffAction, secondary = true): HTMLElement =>
    textButton(words, { title: words, testId: `message-${action}`, onClick: () => events.onAction(action), secondary });
  switch (body.kind) {
    case 'loading':
      return { icon: 'loading', title: diffStrings.loading };
    case 'failed':
      return {
        icon: 'error',
        title: diffStrings.failedTitle,
        detail: body.message,
        isAlert: true,
        buttons: [button(diffStrings.tryAgain, 'reload', false), button(diffStrings.showLog, 'showLog')],
      };
    case 'identical':
      return {
        icon: 'pass',
        title: diffStrings.identicalTitle,
        detail: diffStrings.identicalDetail,
        facts: facts(state),
      };
    case 'binary':
      return {
        icon: 'file-binary',
        title: diffStrings.binaryTitle,
        detail: diffStrings.binaryDetail,
        facts: facts(state),
        buttons: [button(diffStrings.openInDiffEditor, 'openInDiffEditor')],
      };
    case 'tooLarge':
      return {
        icon: 'warning',
        title: diffStrings.tooLargeTitle,
        detail: diffStrings.tooLargeDetail,
        facts: facts(state),
        buttons: [button(diffStrings.openInDiffEditor, 'openInDiffEditor', false)],
      };
    case 'text':
      return textMessage(body.only, body.changes.length > 0, events);
  }
}

function textMessage(only: (Body & { kind: 'text' })['only'], hasChanges: boolean, events: MessageEvents): Message {
  const showLines = textButton(diffStrings.showLines, {
    title: diffStrings.showLines,
    testId: 'show-lines',
    onClick: events.onShowLines,
    secondary: true,
  });
  const buttons = hasChanges ? [showLines] : [];
  return only === 'encoding'
    ? { icon: 'info', title: diffStrings.encodingTitle, detail: diffStrings.encodingDetail, buttons }
    : { icon: 'info', title: diffStrings.lineEndingsTitle, detail: diffStrings.lineEndingsDetail, buttons };
}

function loadingElement(): HTMLElement {
  const created = element('div', 'loading', element('div', 'progress'), element('p', '', diffStrings.loading));
  created.setAttribute('role', 'status');
  created.dataset['state'] = 'loading';
  return withTestId(created, 'diff-message');
}

/** Size and hash of both sides. */
function facts({ left, right }: DiffState): HTMLElement {
  const row = (name: string, value: (side: SideView) => string | undefined): HTMLElement => {
    const header = element('th', '', name);
    header.scope = 'row';
    const cells = [left, right].map((side) => element('td', '', value(side) ?? diffStrings.unknown));
    return element('tr', '', header, ...cells);
  };
  const heads = [left, right].map((side) => {
    const head = element('th', '', side.label);
    head.scope = 'col';
    return head;
  });
  const top = element('tr', '', element('td', ''), ...heads);
  return element(
    'table',
    'facts',
    top,
    row(diffStrings.size, ({ size }) => size),
    row(diffStrings.sha256, ({ sha256 }) => sha256),
  );
}

/** A bar with an error, until it is dismissed. */
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
