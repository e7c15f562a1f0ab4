import { messageOf } from '../../base/errors';
import { PanelPort, type WebviewApi } from './panelPort';
import { placeOfLine, type ViewPlace } from './place';
import type { DiffAction, DiffState, Layout, TextBody, ToWebview } from '../protocol';
import { lineStarts } from '../../diff/lines';
import { ComparedTexts } from './comparedTexts';
import { element, withTestId } from '../dom';
import { Header } from './header';
import { diffMessageElement, Notice } from './diffMessage';
import { isSelectAll, stepOf } from './keys';
import { measureText, type TextMetrics } from './textMetrics';
import { TextView } from './textView';
import { diffStrings } from '../strings';

/** Narrower panels use the unified layout, whatever was chosen; in px. */
const minSideBySideWidth = 480;
/** The place is saved when scrolling pauses this long. */
const keepDelayMs = 200;
/** Increment it when `ViewPlace` changes, so that a place saved by an older version of Obby is not used. */
const placeFormat = 1;
/** Texts with more lines are not shown: their rows would be higher than a browser can scroll. */
const maxLines = 400_000;

/** The diff panel's page. */
class DiffApp {
  private readonly port: PanelPort;
  private readonly notice = new Notice();
  private readonly main = element('main', 'main');
  private readonly live = withTestId(element('div', 'announcement'), 'announcement');
  private readonly header = new Header({
    onAction: (action) => this.act(action),
    onPrevious: () => this.view?.step('previous'),
    onNext: () => this.view?.step('next'),
    onToggleAll: () => this.view?.toggleAll(),
    onLayout: (layout) => this.chooseLayout(layout),
  });
  private state: DiffState | undefined;
  private view: TextView | undefined;
  private layout: Layout = 'sideBySide';
  private showsLines = false;
  private revealed: number | undefined;
  private keepTimer: number | undefined;

  constructor(
    private readonly body: HTMLElement,
    api: WebviewApi,
  ) {
    this.port = new PanelPort(api, (message) => this.receive(message));
    this.live.setAttribute('aria-live', 'polite');
    this.body.append(this.header.element, this.notice.element, this.main, this.live);
  }

  /** Requests the state from the panel. */
  start(): void {
    window.addEventListener('keydown', (event) => this.pressed(event));
    window.addEventListener('focus', () => this.focusView());
    routeSelectionTo(() => this.view);
    new ResizeObserver(() => this.resized()).observe(this.main);
    // VS Code sets theme and fonts in the root element's style.
    const styles = new MutationObserver(() => this.restyled());
    styles.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    this.port.send({ type: 'ready' });
  }

  private receive(message: Exclude<ToWebview, { type: 'reply' }>): void {
    if (message.type === 'times') this.header.showTimes(message);
    else this.show(message.state);
  }

  private show(sent: DiffState): void {
    const state = withinBounds(sent);
    const place = this.placeFor(state);
    if (!this.state) this.showsLines = this.port.kept.showsLines ?? false;
    if (!this.state || this.state.layout !== state.layout) this.layout = state.layout;
    this.state = state;
    this.view?.dispose();
    this.view = undefined;
    this.header.show(state);
    const { body } = state;
    if (body.kind === 'text' && (!body.only || this.showsLines)) this.showText(state, body, place);
    else this.showMessage(state);
    this.reportStatus();
    this.keepSoon();
  }

  /** The place to show: that in this comparison before its file changed, or in the same texts before a reload. */
  private placeFor(state: DiffState): ViewPlace | undefined {
    const { reveal } = state;
    if (reveal && state.body.kind === 'text' && reveal.id !== (this.revealed ?? this.port.kept.revealed)) {
      this.revealed = reveal.id;
      return placeOfLine(reveal, this.metrics(state).rowHeight);
    }
    const isSame = JSON.stringify(state.saved) === JSON.stringify(this.state?.saved);
    if (this.view) return isSame ? placeIn(this.view.place, this.state, state) : undefined;
    const { place, contents } = this.port.kept;
    return contents === contentsOf(state) ? place : undefined;
  }

  private showText(state: DiffState, body: TextBody, place: ViewPlace | undefined): void {
    const texts = new ComparedTexts(body);
    if (!texts.areWhole) {
      this.showMessage({ ...state, body: { kind: 'failed', message: diffStrings.changedMeanwhile } });
      return;
    }
    const numbers = new Intl.NumberFormat(state.locale);
    this.view = new TextView(texts, {
      layout: this.effectiveLayout,
      metrics: this.metrics(state),
      formatCount: (count) => numbers.format(count),
      ...(place && { place }),
      onDidChange: () => this.reportStatus(),
      onDidMove: () => this.keepSoon(),
      announce: (words) => this.announce(words),
    });
    this.main.replaceChildren(this.view.element);
    this.view.start();
    if (document.hasFocus()) this.focusView();
    this.announce(summaryOf(body, numbers));
  }

  private showMessage(state: DiffState): void {
    const onShowLines = (): void => {
      this.showsLines = true;
      this.show(state);
    };
    this.main.replaceChildren(diffMessageElement(state, { onAction: (action) => this.act(action), onShowLines }));
  }

  private act(action: DiffAction): void {
    this.notice.clear();
    const show = (error: string | undefined): void => {
      if (error !== undefined) this.notice.show(error);
    };
    this.port
      .act(action)
      .then(show)
      .catch((error: unknown) => show(messageOf(error)));
  }

  private chooseLayout(layout: Layout): void {
    this.layout = layout;
    this.port.send({ type: 'layout', layout });
    this.applyLayout();
  }

  private get isNarrow(): boolean {
    return this.main.clientWidth < minSideBySideWidth;
  }

  private get effectiveLayout(): Layout {
    return this.isNarrow ? 'unified' : this.layout;
  }

  private applyLayout(): void {
    this.view?.setLayout(this.effectiveLayout);
    this.reportStatus();
  }

  private resized(): void {
    if (this.view) this.applyLayout();
  }

  private restyled(): void {
    if (this.state) this.view?.setMetrics(this.metrics(this.state));
  }

  private metrics(state: DiffState): TextMetrics {
    return measureText(this.body, state.lineHeight, state.tabSize);
  }

  private reportStatus(): void {
    const { view } = this;
    const currentChange = view?.currentChange;
    this.header.showStatus(
      view && {
        changeCount: view.changeCount,
        ...(currentChange !== undefined && { currentChange }),
        showsAll: view.showsAll,
        layout: this.effectiveLayout,
        isNarrow: this.isNarrow,
      },
    );
    this.keepSoon();
  }

  private keepSoon(): void {
    window.clearTimeout(this.keepTimer);
    this.keepTimer = window.setTimeout(() => this.keep(), keepDelayMs);
  }

  private keep(): void {
    const { state, view, showsLines } = this;
    if (!state) return;
    // Without texts, keep a saved place for those that are still to come.
    if (!view) this.port.keep({ ...this.port.kept, saved: state.saved });
    else {
      const { revealed = this.port.kept.revealed } = this;
      const shown = { showsLines, ...(revealed !== undefined && { revealed }) };
      this.port.keep({ saved: state.saved, place: view.place, contents: contentsOf(state), ...shown });
    }
  }

  private announce(words: string): void {
    this.live.textContent = words;
  }

  private focusView(): void {
    if (document.activeElement === this.body || !document.activeElement) this.view?.focus();
  }

  private pressed(event: KeyboardEvent): void {
    const step = stepOf(event);
    if (!step || !this.view) return;
    this.view.step(step);
    event.preventDefault();
  }
}

function summaryOf({ changes, added, removed }: TextBody, numbers: Intl.NumberFormat): string {
  const count = diffStrings.changes(changes.length, numbers.format(changes.length));
  return diffStrings.summary(count, diffStrings.linesChanged(added, removed));
}

/** Identifies contents, and the format of a place, well enough to restore a place. */
function contentsOf({ body, saved }: DiffState): string {
  const size = body.kind === 'text' ? [body.left.length, body.right.length, body.changes.length] : [];
  return JSON.stringify([placeFormat, saved, ...size]);
}

/** A place in texts that may have changed; the selection is kept in a text that did not change. */
function placeIn({ selection, ...place }: ViewPlace, before: DiffState | undefined, now: DiffState): ViewPlace {
  const textOf = (state: DiffState | undefined): string | undefined =>
    state?.body.kind === 'text' ? state.body[selection?.side === 'old' ? 'left' : 'right'] : undefined;
  return selection && textOf(before) === textOf(now) ? { ...place, selection } : place;
}

function withinBounds(state: DiffState): DiffState {
  const { body } = state;
  if (body.kind !== 'text') return state;
  const isWithin = [body.left, body.right].every((text) => lineStarts(text, maxLines));
  return isWithin ? state : { ...state, body: { kind: 'tooLarge' } };
}

/** Makes selecting and copying act on the whole text in view, if there is one, instead of on its rendered rows. */
function routeSelectionTo(view: () => TextView | undefined): void {
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

declare function acquireVsCodeApi(): WebviewApi;

new DiffApp(document.body, acquireVsCodeApi()).start();
