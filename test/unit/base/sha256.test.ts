import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Of } from '../../../src/base/sha256';

test('the hash is that of the published test vectors', () => {
  const vectors = [
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ] as const;
  for (const [text, hash] of vectors) assert.equal(sha256Of(Buffer.from(text)), hash);
});

test('the hash is of the part that a view shows', () => {
  const whole = Buffer.from('xabcx');
  assert.equal(sha256Of(new Uint8Array(whole.buffer, whole.byteOffset + 1, 3)), sha256Of(Buffer.from('abc')));
});
