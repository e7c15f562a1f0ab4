import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { FolderSession } from '../../host/session/folderSession';
import type { Sessions } from '../../host/session/sessions';
import type { RuleProblem } from '../../model/ruleSources';

/** Shows unusable lines of rule files in the Problems panel. */
export class RuleDiagnostics implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly collection = this.disposables.add(vscode.languages.createDiagnosticCollection('obby'));
  /** Rule files with unusable lines, by the key of their workspace folder. */
  private readonly reported = new Map<string, ReadonlySet<string>>();

  constructor(private readonly sessions: Pick<Sessions, 'all' | 'onDidChange'>) {
    this.disposables.add(
      sessions.onDidChange((event) => {
        if (event.type === 'folders') this.clearRemoved();
        if (event.type === 'engine' && event.event.type === 'ruleProblems') {
          this.show(event.session, event.event.problems);
        }
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private clearRemoved(): void {
    for (const [key, files] of this.reported) {
      if (this.sessions.all.some((session) => session.key === key)) continue;
      const folder = vscode.Uri.parse(key, true);
      for (const file of files) this.collection.set(vscode.Uri.joinPath(folder, file), []);
      this.reported.delete(key);
    }
  }

  private show({ key, folder }: FolderSession, all: readonly RuleProblem[]): void {
    const files = new Set(all.map(({ file }) => file));
    for (const file of new Set([...files, ...(this.reported.get(key) ?? [])])) {
      const problems = all.filter((problem) => problem.file === file);
      this.collection.set(vscode.Uri.joinPath(folder.uri, file), problems.map(toDiagnostic));
    }
    this.reported.set(key, files);
  }
}

function toDiagnostic({ line, start, end, message }: RuleProblem): vscode.Diagnostic {
  const range = new vscode.Range(line - 1, start, line - 1, end);
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'Obby';
  return diagnostic;
}
