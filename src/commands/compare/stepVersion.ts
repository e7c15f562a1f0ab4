import type { Version } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Comparison } from '../../views/diff/comparison';
import type { CommandContext } from '../commandContext';
import { comparisonWithPrevious, showComparison, sideOf } from './compare';

const pageSize = 200;

/** Steps through the versions of the compared file, from inside the comparison. */
export function registerStepVersion(context: CommandContext): Disposable {
  const disposables = new DisposableStore();
  disposables.add(context.runner.register(commands.compareOlder, () => step(context, older)));
  disposables.add(context.runner.register(commands.compareNewer, () => step(context, newer)));
  return disposables;
}

type Step = (context: CommandContext, version: Version) => Promise<Version | undefined>;

/**
 * In a comparison with the current file the left side steps; otherwise the version on the right, which is then compared
 * with the one before it. At either end nothing happens.
 */
async function step(context: CommandContext, next: Step): Promise<void> {
  const { diffPanels, api } = context;
  const comparison = diffPanels.activeComparison;
  const version = comparison && steppedVersion(comparison);
  if (!version) return;
  const target = await next(context, version);
  if (!target || target.unstored) return;
  const file = await api.history.fileOf(target.id);
  const stepped =
    comparison.right.kind === 'file'
      ? { left: sideOf(context, target), right: comparison.right }
      : await comparisonWithPrevious(context, { version: target, file });
  await showComparison(context, stepped, file);
}

function steppedVersion({ left, right }: Comparison): Version | undefined {
  const side = right.kind === 'version' ? right : left;
  return side.kind === 'version' ? side.version : undefined;
}

async function older({ api }: CommandContext, { previous }: Version): Promise<Version | undefined> {
  return previous === undefined ? undefined : api.history.version(previous);
}

async function newer({ api }: CommandContext, { id }: Version): Promise<Version | undefined> {
  const file = await api.history.fileOf(id);
  let last: Version | undefined;
  for (;;) {
    const page = await api.history.versions(file, { limit: pageSize, ...(last && { before: last.id }) });
    const index = page.findIndex((version) => version.id === id);
    if (index >= 0) return index > 0 ? page[index - 1] : last;
    last = page.at(-1);
    if (page.length < pageSize) return undefined;
  }
}
