import { element, icon, textButton, withTestId } from '../dom';
import type { FolderView, FromStoragePage, StorageAction, StorageState, ToStoragePage } from '../storageProtocol';
import { factsElements } from './factsElements';
import { storageStrings } from '../strings';

/** The API of VS Code for a webview; it can be acquired once. */
interface StoragePageApi {
  postMessage(message: FromStoragePage): void;
}

/** The Storage page. */
class StorageApp {
  private readonly main = withTestId(element('main', 'page'), 'storage');

  constructor(
    private readonly root: HTMLElement,
    private readonly api: StoragePageApi,
  ) {}

  start(): void {
    this.root.append(this.main);
    window.addEventListener('message', ({ data }: MessageEvent<ToStoragePage>) => this.show(data.state));
    this.show({ folders: undefined });
    this.api.postMessage({ type: 'ready' });
  }

  /** Redraws everything, and restores the focus and the unfolded parts. */
  private show({ folders }: StorageState): void {
    const focused = (document.activeElement as HTMLElement | null)?.dataset['testid'];
    const unfolded = new Set(
      [...this.main.querySelectorAll('details')].filter(({ open }) => open).map(({ dataset }) => dataset['testid']),
    );
    const isSeveral = (folders?.length ?? 0) > 1;
    this.main.replaceChildren(
      this.header(),
      ...(folders === undefined ? [loadingElement()] : []),
      ...(folders?.length === 0
        ? [
            storageMessageElement({
              icon: 'folder',
              title: storageStrings.noFolders,
              detail: storageStrings.noFoldersDetail,
            }),
          ]
        : []),
      ...(folders ?? []).map((folder, index) => this.section(folder, index, isSeveral)),
    );
    this.main.setAttribute('aria-busy', String(folders === undefined));
    for (const details of this.main.querySelectorAll('details')) {
      if (unfolded.has(details.dataset['testid'])) details.open = true;
    }
    if (focused !== undefined) {
      this.main.querySelector<HTMLElement>(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  private header(): HTMLElement {
    return element(
      'header',
      'page-header',
      element('h1', '', storageStrings.title),
      textButton(storageStrings.settings, {
        title: storageStrings.settingsTitle,
        testId: 'settings',
        onClick: () => this.act('settings'),
        secondary: true,
      }),
    );
  }

  private section(folder: FolderView, index: number, isSeveral: boolean): HTMLElement {
    const heading = element('h2', 'folder-name', icon('root-folder'), element('span', '', folder.name));
    heading.id = `folder-${index}`;
    const section = withTestId(
      element('section', 'folder', element('div', 'folder-header', heading, this.actions(folder, index))),
      `folder-${index}`,
    );
    section.setAttribute('aria-labelledby', heading.id);
    section.classList.toggle('several', isSeveral);
    section.append(...this.body(folder, index));
    return section;
  }

  private actions({ key, body }: FolderView, index: number): HTMLElement {
    const button = (action: StorageAction, words: string, title: string): HTMLElement =>
      textButton(words, {
        title,
        testId: `${action}-${index}`,
        onClick: () => this.act(action, key),
        secondary: action !== 'check',
      });
    const onlyIfRecorded =
      body.kind === 'facts'
        ? [
            button('check', storageStrings.check, storageStrings.checkTitle),
            button('forget', storageStrings.forget, storageStrings.forgetTitle),
            button('export', storageStrings.export, storageStrings.exportTitle),
          ]
        : [];
    const group = element(
      'div',
      'actions',
      ...onlyIfRecorded,
      body.kind !== 'failed' && button('import', storageStrings.import, storageStrings.importTitle),
    );
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', storageStrings.actions);
    return group;
  }

  private body({ body }: FolderView, index: number): HTMLElement[] {
    switch (body.kind) {
      case 'facts':
        return factsElements(body, index);
      case 'empty':
        return [
          storageMessageElement({
            icon: 'history',
            title: storageStrings.emptyTitle,
            detail: storageStrings.emptyDetail,
          }),
        ];
      case 'failed': {
        const button = (words: string, action: StorageAction, secondary: boolean): HTMLElement =>
          textButton(words, { title: words, testId: `${action}-${index}`, onClick: () => this.act(action), secondary });
        const buttons = [
          button(storageStrings.tryAgain, 'reload', false),
          button(storageStrings.showLog, 'showLog', true),
        ];
        return [
          storageMessageElement({
            icon: 'error',
            title: storageStrings.failedTitle,
            detail: body.message,
            buttons,
            isAlert: true,
          }),
        ];
      }
    }
  }

  private act(action: StorageAction, folder?: string): void {
    this.api.postMessage({ type: 'action', action, ...(folder !== undefined && { folder }) });
  }
}

function loadingElement(): HTMLElement {
  const loading = storageMessageElement({ icon: 'loading', title: storageStrings.loading });
  loading.classList.add('loading');
  return loading;
}

interface Message {
  /** The name of a codicon. */
  readonly icon: string;
  readonly title: string;
  readonly detail?: string;
  readonly buttons?: readonly HTMLElement[];
  readonly isAlert?: boolean;
}

/** A message in place of numbers. */
function storageMessageElement({ icon: name, title, detail, buttons = [], isAlert = false }: Message): HTMLElement {
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

declare function acquireVsCodeApi(): StoragePageApi;

new StorageApp(document.body, acquireVsCodeApi()).start();
