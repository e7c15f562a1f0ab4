import { isVersionId, type VersionId } from '../../model/version';

/**
 * A label or pin, as journals and segments store it. Of two about the same label or version, the one with the later `at`
 * (ms) counts.
 */
export type Annotation =
  | {
      readonly type: 'label';
      readonly id: string;
      readonly name: string;
      readonly time: number;
      readonly removed: boolean;
      readonly at: number;
    }
  | { readonly type: 'pin'; readonly version: VersionId; readonly pinned: boolean; readonly at: number };

export const maxLabelLength = 200;

export function encodeAnnotation(annotation: Annotation): Uint8Array {
  return Buffer.from(JSON.stringify(annotation));
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value);

/** Undefined when the text is no annotation. */
export function parseAnnotation(json: string): Annotation | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, at, id, name, time, removed, version, pinned } = value as Record<string, unknown>;
  if (!isTime(at)) return undefined;
  if (type === 'pin') {
    return isVersionId(version) && typeof pinned === 'boolean' ? { type, version, pinned, at } : undefined;
  }
  const isLabel =
    type === 'label' && typeof id === 'string' && typeof name === 'string' && name.length <= maxLabelLength;
  return isLabel && isTime(time) && typeof removed === 'boolean' ? { type, id, name, time, removed, at } : undefined;
}
