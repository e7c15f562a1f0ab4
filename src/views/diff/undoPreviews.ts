import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ObbyApi, RestorePlan, RestoreStep } from '../../api/api';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { decode } from '../../diff/text';
import { undoScheme } from '../../ids';

/** The sides of a comparison of a file with what an undo makes of it. */
export interface PreviewSides {
  readonly file: vscode.Uri;
  readonly before: vscode.Uri;
  readonly after: vscode.Uri;
}

/** The texts of files before and after an undo that is reviewed, as read-only documents. */
export class UndoPreviews implements vscode.TextDocumentContentProvider, Disposable {
  private readonly disposables = new DisposableStore();
  /** By the query of the documents of one plan. */
  private readonly plans = new Map<string, RestorePlan>();
  private last = 0;

  constructor(private readonly api: Pick<ObbyApi, 'act'>) {
    this.disposables.add(vscode.workspace.registerTextDocumentContentProvider(undoScheme, this));
  }

  /** The documents of steps of a plan; those of earlier plans stay as they were shown. */
  of(plan: RestorePlan, steps: readonly RestoreStep[]): PreviewSides[] {
    const id = String(++this.last);
    this.plans.clear();
    this.plans.set(id, plan);
    return steps.map(({ uri, to = uri }) => {
      const side = (path: vscode.Uri, name: 'before' | 'after'): vscode.Uri =>
        path.with({ scheme: undoScheme, query: `${id} ${name}`, fragment: uri.toString() });
      return { file: uri, before: side(uri, 'before'), after: side(to, 'after') };
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [id = '', side] = uri.query.split(' ');
    const plan = this.plans.get(id);
    if (!plan) return l10n.t('This preview is no longer available. Run the command again.');
    const preview = await this.api.act.previewUndo(plan, vscode.Uri.parse(uri.fragment, true));
    const bytes = side === 'before' ? preview.before : preview.after;
    if (!bytes) return '';
    return decode(bytes)?.text ?? l10n.t('This file is not text.');
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
