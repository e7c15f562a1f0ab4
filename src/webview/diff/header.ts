import type { DiffAction, DiffState, Layout, SideView, TimeWords } from '../protocol';
import { element, icon, iconButton, textButton, withTestId } from '../dom';
import { diffStrings } from '../strings';

/** The status of the text below the header; absent when there are no lines. */
export interface TextStatus {
  readonly changeCount: number;
  /** From 0. */
  readonly currentChange?: number;
  readonly showsAll: boolean;
  readonly layout: Layout;
  /** The panel is too narrow for the sides beside each other. */
  readonly isNarrow: boolean;
}

export interface HeaderEvents {
  readonly onAction: (action: DiffAction) => void;
  readonly onPrevious: () => void;
  readonly onNext: () => void;
  readonly onToggleAll: () => void;
  readonly onLayout: (layout: Layout) => void;
}

/** The file, the compared sides, and the toolbar. */
export class Header {
  readonly element = withTestId(element('header', 'header'), 'diff-header');
  private readonly counter = withTestId(element('span', 'counter'), 'change-counter');
  private readonly times = new Map<'left' | 'right', HTMLElement>();
  private readonly buttons: ReturnType<Header['makeButtons']>;
  private formatCount: (count: number) => string = String;
  private status: TextStatus | undefined;

  constructor(private readonly events: HeaderEvents) {
    this.buttons = this.makeButtons();
  }

  /** Shows a state of the panel. */
  show(state: DiffState): void {
    const numbers = new Intl.NumberFormat(state.locale);
    this.formatCount = (count) => numbers.format(count);
    const { left, right } = state;
    const restore = state.canRestore && this.restoreButton(left.label);
    const sides = element('div', 'sides', this.side('left', left, restore), this.side('right', right, false));
    this.element.replaceChildren(
      element('div', 'title', fileName(state.path), this.counts(state), ...noteElements(state), this.toolbar()),
      sides,
    );
    this.showStatus(this.status);
  }

  /** Updates the relative times while the panel is open. */
  showTimes(times: { readonly left?: TimeWords; readonly right?: TimeWords }): void {
    for (const side of ['left', 'right'] as const) {
      const shown = this.times.get(side);
      const words = times[side];
      if (shown && words) writeTime(shown, words);
    }
  }

  showStatus(status: TextStatus | undefined): void {
    this.status = status;
    const { previous, next, layout, all } = this.buttons;
    this.counter.textContent = status ? this.counterText(status) : '';
    for (const button of [previous, next, layout, all]) button.hidden = !status;
    this.element.classList.toggle('unified', status?.layout === 'unified');
    if (!status) return;
    for (const button of [previous, next]) button.disabled = status.changeCount === 0;
    const isSideBySide = status.layout === 'sideBySide';
    const layoutTitle = isSideBySide ? diffStrings.showUnified : diffStrings.showSideBySide;
    layout.disabled = status.isNarrow;
    relabel(
      layout,
      isSideBySide ? 'diff-single' : 'diff-sidebyside',
      status.isNarrow ? diffStrings.tooNarrow : layoutTitle,
    );
    relabel(
      all,
      status.showsAll ? 'fold' : 'unfold',
      status.showsAll ? diffStrings.collapseAll : diffStrings.expandAll,
    );
  }

  private makeButtons() {
    const { events } = this;
    const otherLayout = (): Layout => (this.status?.layout === 'sideBySide' ? 'unified' : 'sideBySide');
    return {
      previous: iconButton('arrow-up', {
        title: diffStrings.previousChange,
        testId: 'previous-change',
        onClick: events.onPrevious,
      }),
      next: iconButton('arrow-down', { title: diffStrings.nextChange, testId: 'next-change', onClick: events.onNext }),
      all: iconButton('unfold', {
        title: diffStrings.expandAll,
        testId: 'toggle-unchanged',
        onClick: events.onToggleAll,
      }),
      layout: iconButton('diff-single', {
        title: diffStrings.showUnified,
        testId: 'toggle-layout',
        onClick: () => events.onLayout(otherLayout()),
      }),
      editor: iconButton('go-to-file', {
        title: diffStrings.openInDiffEditor,
        testId: 'open-in-diff-editor',
        onClick: () => events.onAction('openInDiffEditor'),
      }),
    };
  }

  private toolbar(): HTMLElement {
    const { previous, next, all, layout, editor } = this.buttons;
    const toolbar = element('div', 'toolbar', this.counter, previous, next, all, layout, editor);
    toolbar.setAttribute('role', 'toolbar');
    toolbar.setAttribute('aria-label', diffStrings.toolbar);
    return toolbar;
  }

  private restoreButton(label: string): HTMLElement {
    const title = diffStrings.restoreTitle(label);
    const onClick = (): void => this.events.onAction('restore');
    const button = textButton(diffStrings.restore, { title, testId: 'restore', onClick, secondary: true });
    button.prepend(icon('discard'));
    button.setAttribute('aria-label', title);
    return button;
  }

  private counts({ body }: DiffState): HTMLElement | false {
    if (body.kind !== 'text') return false;
    const { added, removed } = body;
    const counts = element(
      'span',
      'counts',
      element('span', 'count-added', `+${this.formatCount(added)}`),
      element('span', 'count-removed', `−${this.formatCount(removed)}`),
    );
    counts.setAttribute('role', 'img');
    counts.title = diffStrings.linesChanged(added, removed);
    counts.setAttribute('aria-label', counts.title);
    return withTestId(counts, 'diff-counts');
  }

  private side(name: 'left' | 'right', side: SideView, restore: HTMLElement | false): HTMLElement {
    const words = element('span', 'side-words', element('span', 'side-label', side.label));
    this.times.delete(name);
    if (side.time) {
      const time = element('span', 'side-time');
      this.times.set(name, time);
      writeTime(time, side.time);
      words.append(time);
      words.title = side.time.full;
    }
    if (side.cause) {
      const cause = element('span', 'side-cause', icon(side.cause.icon), element('span', '', side.cause.words));
      cause.title = side.cause.sentence;
      words.append(cause);
    }
    const created = element('div', `side ${name}`, name === 'right' && icon('arrow-right'), words, restore);
    created.setAttribute('role', 'group');
    created.setAttribute('aria-label', diffStrings[name]);
    return withTestId(created, `side-${name}`);
  }

  private counterText({ changeCount, currentChange }: TextStatus): string {
    const count = this.formatCount(changeCount);
    if (currentChange === undefined) return diffStrings.changes(changeCount, count);
    return diffStrings.changeOf(this.formatCount(currentChange + 1), count);
  }
}

/** What differs beside the lines. */
function noteElements({ body }: DiffState): HTMLElement[] {
  const notes = body.kind === 'text' ? (body.notes ?? []) : [];
  return notes.map((words) => withTestId(element('span', 'note', words), 'diff-note'));
}

function writeTime(target: HTMLElement, { ago, full }: TimeWords): void {
  target.textContent = ago;
  target.title = full;
}

function relabel(button: HTMLButtonElement, iconName: string, title: string): void {
  button.replaceChildren(icon(iconName));
  button.title = title;
  button.setAttribute('aria-label', title);
}

/** The name first, because it must stay visible, then the folder. */
function fileName(path: string): HTMLElement {
  const split = path.lastIndexOf('/') + 1;
  const name = element('h1', 'path', element('span', 'path-name', path.slice(split)));
  if (split > 1) name.append(element('span', 'path-folder', path.slice(0, split - 1)));
  name.title = path;
  return withTestId(name, 'diff-path');
}
