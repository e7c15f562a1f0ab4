import { Uri } from 'vscode';
import { toDisposable, type Disposable } from '../../base/disposable';
import type { RuleProblem } from '../../model/ruleSources';
import type { Sessions } from './sessions';

/** The present problems of a rule file; an empty list clears them. */
export interface FileProblems {
  readonly uri: Uri;
  readonly problems: readonly RuleProblem[];
}

/** Fires for each rule file that has, or had, unusable lines. */
export function ruleProblemsOf(sessions: Sessions): (listener: (value: FileProblems) => void) => Disposable {
  return (listener) => {
    const reported = new Map<string, Set<string>>();
    const forgetRemoved = (): void => {
      for (const [key, files] of reported) {
        if (sessions.all.some((session) => session.key === key)) continue;
        for (const file of files) listener({ uri: Uri.joinPath(Uri.parse(key, true), file), problems: [] });
        reported.delete(key);
      }
    };
    const subscription = sessions.onDidChange((event) => {
      if (event.type === 'folders') forgetRemoved();
      if (event.type !== 'engine' || event.event.type !== 'ruleProblems') return;
      const { session } = event;
      const { problems: all } = event.event;
      const files = new Set(all.map(({ file }) => file));
      for (const file of new Set([...files, ...(reported.get(session.key) ?? [])])) {
        const problems = all.filter((problem) => problem.file === file);
        listener({ uri: Uri.joinPath(session.folder.uri, file), problems });
      }
      reported.set(session.key, files);
    });
    return toDisposable(() => subscription.dispose());
  };
}
