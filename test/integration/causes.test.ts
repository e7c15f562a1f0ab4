import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Version } from '../../src/api/api';
import { eventually } from '../support/eventually';
import { setForTest, TestFolder, until } from './support';

/** What shells tell of their commands since VS Code 1.93. */
interface ShellIntegration {
  executeCommand(line: string): object;
}
interface ShellTerminal extends vscode.Terminal {
  readonly shellIntegration?: ShellIntegration;
}
interface ShellWindow {
  readonly onDidEndTerminalShellExecution?: vscode.Event<{ readonly execution: object }>;
}

const { onDidEndTerminalShellExecution } = vscode.window as ShellWindow;

/** A terminal whose shell tells of its commands. */
class Shell {
  private constructor(private readonly terminal: ShellTerminal) {}

  static async open(cwd: string): Promise<Shell> {
    const terminal: ShellTerminal = vscode.window.createTerminal({ name: 'causes', cwd, shellPath: '/bin/bash' });
    // Shell integration begins with a shell that is shown.
    terminal.show();
    await until('shell integration', () => terminal.shellIntegration !== undefined);
    return new Shell(terminal);
  }

  /** Runs a line and resolves when the shell has said that it ended. */
  async run(line: string): Promise<void> {
    const { shellIntegration } = this.terminal;
    assert.ok(shellIntegration && onDidEndTerminalShellExecution);
    const ended = new Set<object>();
    const subscription = onDidEndTerminalShellExecution(({ execution }) => ended.add(execution));
    const execution = shellIntegration.executeCommand(line);
    await until(`the end of ${line}`, () => ended.has(execution));
    subscription.dispose();
  }

  dispose(): void {
    this.terminal.dispose();
  }
}

function why({ kind, path, cause, causeDetail, confidence }: Version): unknown {
  const { cwd: _cwd, ...detail } = causeDetail ?? {};
  return { [`${kind} ${path}`]: [cause, detail, confidence] };
}

/** VS Code rejects an edit while it loads the file again, as it does after a write that it was told of late. */
const insert = (editor: vscode.TextEditor, position: vscode.Position, text: string): Promise<void> =>
  eventually(async () => editor.edit((edit) => edit.insert(position, text)), true);

/** Whether VS Code has started what formats the document. */
const isFormatted = async ({ uri }: vscode.TextDocument): Promise<boolean> =>
  (await vscode.commands.executeCommand('vscode.executeFormatDocumentProvider', uri, {})) !== undefined;

describe('who wrote a version', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open({ '.obbywatch': '*.txt\n*.json\n', 'a.txt': 'a\n', 'b.txt': 'b\n' });
    await folder.eventsArriveAlone();
  });
  after(() => folder.close());

  it('a task', async () => {
    const scope = vscode.workspace.getWorkspaceFolder(folder.uri);
    assert.ok(scope);
    const execution = new vscode.ShellExecution('echo task > a.txt; echo task > new.txt', { cwd: folder.root });
    const task = new vscode.Task({ type: 'shell' }, scope, 'build', 'make', execution);
    const recorded = await folder.recordedBy(async () => {
      let isDone = false;
      const subscription = vscode.tasks.onDidEndTask((event) => (isDone ||= event.execution.task.name === 'build'));
      await vscode.tasks.executeTask(task);
      await until('the end of the task', () => isDone);
      subscription.dispose();
    });
    const told = ['task', { name: 'make: build' }, 'likely'];
    assert.deepEqual(recorded.map(why), [{ 'modified a.txt': told }, { 'created new.txt': told }]);
    assert.equal(new Set(recorded.map(({ changeSet }) => changeSet)).size, 1);
  });

  it('a program in the debugger', async () => {
    await folder.write('writer.js', "require('node:fs').writeFileSync('a.txt', 'debugged\\n');\n");
    const recorded = await folder.recordedBy(async () => {
      let isOver = false;
      const subscription = vscode.debug.onDidTerminateDebugSession(({ name }) => (isOver ||= name === 'writer'));
      const scope = vscode.workspace.getWorkspaceFolder(folder.uri);
      const program = { type: 'node', request: 'launch', program: folder.uriOf('writer.js').fsPath, cwd: folder.root };
      assert.ok(await vscode.debug.startDebugging(scope, { ...program, name: 'writer' }));
      await until('the end of the program', () => isOver);
      subscription.dispose();
    });
    assert.deepEqual(recorded.map(why), [{ 'modified a.txt': ['debug', { name: 'writer' }, 'likely'] }]);
  });

  it('git, with from and to, all of one checkout in one moment', async () => {
    await folder.sh('git init -q -b main; git config user.name Me; git config user.email me@example.org');
    await folder.sh('git add -A; git commit -qm one; git checkout -qb topic; echo topic > a.txt; rm b.txt');
    await folder.sh('git add -A; git commit -qm two');
    const recorded = await folder.recordedBy(() => folder.run('git', 'checkout', '-q', 'main'));
    const told = ['git', { operation: 'checkout', from: 'topic', to: 'main' }, 'likely'];
    assert.deepEqual(recorded.map(why), [{ 'modified a.txt': told }, { 'created b.txt': told }]);
    assert.equal(new Set(recorded.map(({ changeSet }) => changeSet)).size, 1);
  });

  it('nobody that is known: another program', async () => {
    const [version] = await folder.recordedBy(() => folder.write('a.txt', 'outside\n'));
    assert.equal(version?.cause, 'external');
  });

  it('a save, which a formatter changed on its way', async () => {
    await setForTest('editor.formatOnSave', true);
    await folder.write('data.json', '{}\n');
    await folder.api.flush();
    const editor = await vscode.window.showTextDocument(folder.uriOf('data.json'));
    await eventually(() => isFormatted(editor.document), true);
    // On a busy machine a formatter ends too long before the save to be known as part of it.
    await eventually(async () => {
      const [version] = await folder.recordedBy(async () => {
        await insert(editor, new vscode.Position(0, 1), '"a":    1,');
        assert.ok(await editor.document.save());
      });
      return [version?.cause, version?.causeDetail, version?.confidence];
    }, ['save', { save: 'manual', formatted: true }, 'certain']);
  });

  it('an extension that edits a file which no editor shows; an edit in an editor that is shown is a save', async () => {
    const [hidden] = await folder.recordedBy(async () => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(folder.uriOf('b.txt'), new vscode.Position(0, 0), 'by an extension\n');
      assert.ok(await vscode.workspace.applyEdit(edit));
      await (await vscode.workspace.openTextDocument(folder.uriOf('b.txt'))).save();
    });
    assert.deepEqual([hidden?.cause, hidden?.confidence], ['edit by extension', 'likely']);
    const [shown] = await folder.recordedBy(async () => {
      const editor = await vscode.window.showTextDocument(folder.uriOf('b.txt'));
      await insert(editor, new vscode.Position(0, 0), 'seen\n');
      assert.ok(await editor.document.save());
    });
    assert.deepEqual([shown?.cause, shown?.confidence], ['save', 'certain']);
  });

  // Before VS Code 1.93 no shell tells of its commands.
  if (onDidEndTerminalShellExecution) {
    describe('a command in the terminal', () => {
      let shell: Shell;
      before(async () => (shell = await Shell.open(folder.root)));
      after(() => shell.dispose());

      it('is named, without its secrets, and all that it changes is one moment', async () => {
        const line = 'TOKEN=s3cretvalue; for i in 1 2 3; do echo $i > made$i.txt; done; sleep 1; rm new.txt';
        const recorded = await folder.recordedBy(() => shell.run(line));
        const told = ['terminal', { command: line.replace('s3cretvalue', '•••') }, 'likely'];
        // VS Code may tell of the files in any order.
        assert.deepEqual(Object.assign({}, ...recorded.map(why)), {
          'created made1.txt': told,
          'created made2.txt': told,
          'created made3.txt': told,
          'deleted new.txt': told,
        });
        assert.equal(recorded.length, 4);
        assert.equal(new Set(recorded.map(({ changeSet }) => changeSet)).size, 1);
        const [changeSet] = await folder.api.history.changeSets({ folder: folder.uri, limit: 1 });
        assert.deepEqual([changeSet?.files, changeSet?.kinds.created, changeSet?.kinds.deleted], [4, 3, 1]);
      });

      it('that runs git is git, and tells the command', async () => {
        const [first] = await folder.recordedBy(() => shell.run('git checkout -q -f topic'));
        const { cwd: _cwd, ...detail } = first?.causeDetail ?? {};
        const expected = { operation: 'checkout', from: 'main', to: 'topic', command: 'git checkout -q -f topic' };
        assert.deepEqual([first?.cause, detail], ['git', expected]);
      });

      it('leaves alone what is written when it is over', async () => {
        await shell.run('echo over > over.txt');
        await folder.api.flush();
        const [version] = await folder.recordedBy(() => folder.write('over.txt', 'later\n'));
        assert.equal(version?.cause, 'external');
      });
    });
  }
});
