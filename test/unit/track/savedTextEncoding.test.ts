import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../../../src/track/disk/disk';
import { decodeLegacy, encodeLegacy } from '../../../src/diff/encodings';
import { decode, encode, type UnicodeEncoding } from '../../../src/diff/text';
import {
  asObservation,
  encodeLike,
  notEncodable,
  overwrittenSave,
  unsavedBytes,
} from '../../../src/track/savedTextEncoding';
import { times } from '../../support/chance';
import fc from '../../support/properties';

const onDisk = (bytes: Uint8Array): Observation => asObservation(bytes, 1_000);
const latin1 = Buffer.from([0x61, 0xe9, 0x0a]);
const encodings: readonly UnicodeEncoding[] = ['utf8', 'utf8bom', 'utf16le', 'utf16be'];
const text = fc.string({ unit: 'grapheme' }).filter((each) => !each.includes('\0') && !each.startsWith('\ufeff'));

test('a text that is on disk, in whichever Unicode encoding, was not overwritten', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(...encodings), (saved, encoding) => {
      const disk = onDisk(encode(saved, encoding));
      assert.equal(overwrittenSave({ text: saved, encoding }, disk, undefined), undefined);
      // An empty text says nothing about an encoding.
      if (saved !== '') assert.equal(overwrittenSave({ text: saved }, disk, undefined), undefined);
    }),
    { numRuns: times(100) },
  );
});

test('a text that is on disk was not overwritten either if the editor names another encoding', () => {
  assert.equal(overwrittenSave({ text: 'x', encoding: 'utf16le' }, onDisk(Buffer.from('x')), undefined), undefined);
});

test('a text that the disk does not have any more comes back in the encoding of the editor', () => {
  for (const encoding of encodings) {
    const bytes = overwrittenSave({ text: 'é\n', encoding }, onDisk(Buffer.from('other')), undefined);
    assert.deepEqual(bytes && decode(bytes), { text: 'é\n', encoding, isDamaged: false });
  }
});

test('without a known encoding it is that of the file, or of the one before it, or UTF-8', () => {
  const saved = { text: 'é\n' };
  const encodingOf = (disk: Observation, before?: Uint8Array): string | undefined => {
    const bytes = overwrittenSave(saved, disk, before);
    return bytes && decode(bytes)?.encoding;
  };
  const missing: Observation = { state: 'missing' };
  assert.equal(encodingOf(onDisk(encode('x', 'utf16le')), encode('x', 'utf16be')), 'utf16le');
  assert.equal(encodingOf(missing, encode('x', 'utf16be')), 'utf16be');
  assert.equal(encodingOf(missing), 'utf8');
});

test('nothing is guessed: a text beyond ASCII in another encoding is not stored', () => {
  const other = onDisk(Buffer.from('other'));
  assert.equal(overwrittenSave({ text: 'é', encoding: 'iso88591' }, other, undefined), undefined);
  assert.deepEqual(overwrittenSave({ text: 'e', encoding: 'iso88591' }, other, undefined), Buffer.from('e'));
  assert.equal(overwrittenSave({ text: 'x' }, onDisk(latin1), undefined), undefined);
  assert.equal(overwrittenSave({ text: 'x' }, onDisk(Buffer.from([0, 1])), undefined), undefined);
});

test('nothing is stored where nothing is kept anyway', () => {
  const saved = { text: 'x', encoding: 'utf8' };
  assert.equal(overwrittenSave(saved, { state: 'other' }, undefined), undefined);
  const large = {
    state: 'too large',
    size: 9,
    mtimeMs: 1,
    changedMs: 1,
    stamp: undefined,
    identity: undefined,
    mode: undefined,
  } as const;
  assert.equal(overwrittenSave(saved, large, undefined), undefined);
  assert.deepEqual(overwrittenSave(saved, { state: 'missing' }, undefined), Buffer.from('x'));
  assert.deepEqual(overwrittenSave(saved, { state: 'directory' }, undefined), Buffer.from('x'));
});

test('a text is encoded like other bytes, and never in an encoding that cannot hold it', () => {
  assert.deepEqual(encodeLike('é', undefined), Buffer.from('é'));
  assert.deepEqual(encodeLike('é', encode('x', 'utf8bom')), encode('é', 'utf8bom'));
  assert.equal(encodeLike('€', latin1), undefined);
  assert.equal(encodeLike('x', Buffer.from([0])), undefined);
});

test('the error names the file and what to do', () => {
  const { code, message } = notEncodable('a.md');
  assert.equal(code, 'notStored');
  assert.match(message, /^a\.md was not replaced: .*Save the file first\.$/);
});

test('unsaved text is encoded as its editor would, like the file where it names none', () => {
  const hexOf = (text: string, encoding?: string, before?: Uint8Array): string | undefined => {
    const bytes = unsavedBytes({ text, ...(encoding !== undefined && { encoding }) }, before);
    return bytes && Buffer.from(bytes).toString('hex');
  };
  assert.equal(hexOf('é€', 'windows1252', latin1), 'e980');
  assert.equal(hexOf('é', 'iso88591', Buffer.from('ascii')), 'e9');
  assert.equal(hexOf('ж', 'koi8r', latin1), 'd6');
  assert.equal(hexOf('ж', 'windows1252', latin1), undefined);
  assert.equal(hexOf('x', 'shiftjis', latin1), '78');
  assert.equal(hexOf('字', 'shiftjis', latin1), undefined);
  assert.equal(hexOf('é', 'unknown', latin1), undefined);
  assert.equal(hexOf('é', 'utf8', latin1), 'c3a9');
  assert.equal(hexOf('é', 'utf8', encode('x', 'utf8bom')), 'efbbbfc3a9');
  assert.equal(hexOf('é', 'utf16le', latin1), 'fffee900');
  assert.equal(hexOf('é', undefined, latin1), undefined);
  assert.equal(hexOf('é', undefined, Buffer.from('ascii')), 'c3a9');
});

test('every byte of an encoding with one byte for each character survives a round trip', () => {
  for (const encoding of ['windows1252', 'iso88591', 'windows1251', 'iso885915', 'koi8r', 'cp866', 'macroman']) {
    const text = decodeLegacy(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), encoding) ?? assert.fail();
    const encoded = encodeLegacy(text.replaceAll('\ufffd', ''), encoding) ?? assert.fail(encoding);
    assert.equal(decodeLegacy(Buffer.from(encoded), encoding), text.replaceAll('\ufffd', ''));
  }
});
