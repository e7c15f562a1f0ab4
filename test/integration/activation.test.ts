import assert from 'node:assert/strict';
import { extensions } from 'vscode';

describe('the extension', () => {
  it('is found and activates', async () => {
    const extension = extensions.getExtension('obby.obby');
    assert.ok(extension, 'obby.obby is not installed in this window.');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
