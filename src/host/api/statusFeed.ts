import type { ObbyEvent } from '../../api/api';
import type { Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { FolderSession } from '../session/folderSession';

/** A burst of thousands of changes is a few statuses a second, not thousands. */
const pauseMs = 150;

/** Turns "something changed" into the folder's newest status, never more often than a person can follow. */
export class StatusFeed implements Disposable {
  private readonly waiting = new Set<FolderSession>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly publish: (event: ObbyEvent) => void,
    private readonly log: Log,
  ) {}

  request(session: FolderSession): void {
    this.waiting.add(session);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const sessions = [...this.waiting];
      this.waiting.clear();
      for (const each of sessions) void this.tell(each);
    }, pauseMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async tell(session: FolderSession): Promise<void> {
    try {
      this.publish({ topic: 'status', folder: session.folder.uri, status: await session.status() });
    } catch (error) {
      this.log.debug(`No status of ${session.folder.name}: ${messageOf(error)}`);
    }
  }
}
