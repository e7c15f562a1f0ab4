import type { Uri } from 'vscode';
import type { FolderStatus, Gap } from '../../api/api';
import type { GapRecord } from '../../model/gap';
import type { EngineStatus } from '../../engine/engineStatus';
import { gapText, pollingText, problemText } from './reasonText';

/** A status of the engine in words. */
export function describeStatus(folder: Uri, status: EngineStatus): FolderStatus {
  const { engineReason, gaps, problem, ...rest } = status;
  return {
    ...rest,
    folder,
    ...(engineReason && { engineReason: pollingText(engineReason) }),
    gaps: gaps.map(describeGap),
    ...(problem && { problem: problemText(problem) }),
  };
}

export function describeGap(gap: GapRecord): Gap {
  const { reason: _reason, ...rest } = gap;
  return { ...rest, why: gapText(gap) };
}
