import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands as ids, internalCommands } from '../../src/ids';
import { obby } from './support';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('the extension', () => {
  it('is found and activates', async () => {
    const api = await obby();
    assert.equal(vscode.extensions.getExtension('obby.obby')?.isActive, true);
    assert.equal(api.version, 1);
  });

  it('registers every command of its manifest, and no other', async () => {
    await obby();
    const manifest = vscode.extensions.getExtension('obby.obby')?.packageJSON as Manifest;
    const declared = manifest.contributes.commands.map(({ command }) => command);
    const registered = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('obby.'));
    // VS Code makes commands of its own for views and containers.
    const own = registered.filter(
      (command) => !/\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/.test(command),
    );
    assert.deepEqual(own.sort(), [...declared, ...Object.values(internalCommands)].sort());
    assert.deepEqual(declared.sort(), Object.values<string>(ids).sort());
  });
});
