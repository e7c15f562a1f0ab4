import type { DiffAction, FromWebview, ToWebview } from '../protocol';
import type { SavedState } from './place';

/** The API of VS Code for a webview; it can be acquired once. */
export interface WebviewApi {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: SavedState): void;
}

/** The webview's connection to its panel. */
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

  /** Resolves with an error message for people if the action failed. */
  act(action: DiffAction): Promise<string | undefined> {
    const id = ++this.lastId;
    const reply = new Promise<string | undefined>((resolve) => this.waiting.set(id, resolve));
    this.send({ type: 'action', id, action });
    return reply;
  }

  /** The saved state, if any; another version of Obby may have saved it. */
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
