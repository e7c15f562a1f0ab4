import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Event } from '../../base/events';
import type { FileProblems } from '../../host/session/ruleProblems';
import type { RuleProblem } from '../../model/ruleSources';

/** Shows unusable lines of rule files in the Problems panel. */
export class RuleDiagnostics implements Disposable {
  private readonly disposables = new DisposableStore();

  constructor(source: Event<FileProblems>) {
    const collection = this.disposables.add(vscode.languages.createDiagnosticCollection('obby'));
    this.disposables.add(source(({ uri, problems }) => collection.set(uri, problems.map(toDiagnostic))));
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

function toDiagnostic({ line, start, end, message }: RuleProblem): vscode.Diagnostic {
  const range = new vscode.Range(line - 1, start, line - 1, end);
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'Obby';
  return diagnostic;
}
