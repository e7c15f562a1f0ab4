import type { DiffAction, FromWebview, ToWebview } from '../protocol';
import type { SavedState } from './place';

/** What VS Code gives to a webview, once. */
export interface WebviewApi {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: SavedState): void;
}

/** The panel, seen from its webview. */
export class PanelPort {
  private lastId = 0;
  private readonly waiting = new Map<number, (error: string | undefined) => void>();

  constructor(
    private readonly api: WebviewApi,
    onMessage: (message: Exclude<ToWebview, { type: 'reply' }>) => void,
  ) {
    window.addEventListener('message', ({ data }: MessageEvent<ToWebview>) => {
      if (data.type === 'reply') this.settle(data.id, data.error);
      else onMessage(data);
    });
  }

  send(message: FromWebview): void {
    this.api.postMessage(message);
  }

  /** Resolves with an error, for people, when the action failed. */
  act(action: DiffAction): Promise<string | undefined> {
    const id = ++this.lastId;
    const reply = new Promise<string | undefined>((resolve) => this.waiting.set(id, resolve));
    this.send({ type: 'action', id, action });
    return reply;
  }

  /** What was kept, if it was; it is our own, of this version of Obby or another. */
  get kept(): Partial<SavedState> {
    const state = this.api.getState();
    return typeof state === 'object' && state !== null ? state : {};
  }

  keep(state: SavedState): void {
    this.api.setState(state);
  }

  private settle(id: number, error: string | undefined): void {
    this.waiting.get(id)?.(error);
    this.waiting.delete(id);
  }
}
