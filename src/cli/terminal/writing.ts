import { errnoOf } from '../../base/errors';

/** Writes to a stream; resolves when it is taken. A reader that is gone is no error: `head` has read enough. */
export function writeTo(stream: NodeJS.WritableStream, output: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(output, (error) => {
      const errno = errnoOf(error);
      const isGone = errno === 'EPIPE' || errno === 'ERR_STREAM_DESTROYED' || errno === 'EOF';
      if (error && !isGone) reject(error);
      else resolve();
    });
  });
}
