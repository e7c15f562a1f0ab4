import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { Codec, type DeltaBase, type EncodedContent, type EncodedLink } from '../../../../src/store/format/codec';
import { decodeSplice, encodeSplice, findSplice } from '../../../../src/store/format/contentEncoding';
import { Zstd } from '../../../../src/store/format/zstd';
import { sha256, temporaryFolder, wasmDir } from '../fixtures';
import { chanceOf, times } from '../../../support/chance';
import fc from '../../../support/properties';

const chance = chanceOf('codec');

let zstd: Zstd;
let codec: Codec;

before(async () => {
  zstd = await Zstd.load(wasmDir());
  codec = new Codec(zstd);
});

function baseOf(bytes: Uint8Array, depth = 0): DeltaBase {
  return { sha256: sha256(bytes), depth, bytes };
}

function decoded(encoded: EncodedContent, size: number, base?: Uint8Array): Buffer {
  return Buffer.from(codec.decode([{ ...encoded, size }], encoded.base === undefined ? undefined : base));
}

/** Lines that look like a program's, different for each seed. */
function program(bytes: number, seed: number): Buffer {
  const lines: string[] = [];
  for (let n = seed, length = 0; length < bytes; n = (n * 1_103_515_245 + 12_345) % 2_147_483_648) {
    const line = `  const value${n % 977} = compute(${n % 89}, '${(n % 65_521).toString(36)}');`;
    lines.push(line);
    length += line.length + 1;
  }
  return Buffer.from(lines.join('\n'));
}

/** A change in the middle and one near the end. */
function edited(bytes: Buffer): Buffer {
  const [middle, late] = [bytes.length >> 1, bytes.length - (bytes.length >> 4)];
  return Buffer.concat([
    bytes.subarray(0, middle),
    Buffer.from('\nan added line\n'),
    bytes.subarray(middle + 40, late),
  ]);
}

const someBytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ maxLength: 2_000 }).map((text) => Buffer.from(text)),
);

test('gives back any bytes, whatever they are written against', () => {
  fc.assert(
    fc.property(someBytes, fc.option(someBytes, { nil: undefined }), fc.nat(63), (bytes, base, depth) => {
      const encoded = codec.encode(bytes, base && baseOf(base, depth));
      assert.deepEqual(decoded(encoded, bytes.length, base), Buffer.from(bytes));
      assert.ok(encoded.body.length <= bytes.length);
      assert.equal(encoded.depth, encoded.encoding === 'delta' ? depth + 1 : 0);
    }),
    { numRuns: times(500) },
  );
});

test('a small change of a large file costs little, and stock zstd reads it', (context) => {
  const dir = temporaryFolder();
  const hasTool = isInstalled('zstd');
  if (!hasTool) context.diagnostic('zstd is not installed: its frames were read by the library alone');
  for (const size of [2_000, 100_000, 1_000_000, 5_000_000]) {
    const before = program(size, 7);
    const after = edited(before);
    const encoded = codec.encode(after, baseOf(before));
    assert.equal(encoded.encoding, size > 256 << 10 ? 'splice' : 'delta');
    assert.ok(encoded.body.length < 300, `${size}: ${encoded.body.length}`);
    assert.deepEqual(decoded(encoded, after.length, before), after);
    const plain = codec.encode(after);
    assert.equal(plain.encoding, 'zstd');
    if (!hasTool) continue;
    const [base, delta, frame] = ['base', 'delta.zst', 'frame.zst'].map((name) => path.join(dir, name)) as Names;
    const { dictionary, packed, wrap } = standing(encoded, before);
    writeFileSync(base, dictionary);
    writeFileSync(delta, packed);
    writeFileSync(frame, plain.body);
    assert.deepEqual(wrap(unpacked(dir, `--patch-from=${base}`, delta)), after);
    assert.deepEqual(wrap(unpacked(dir, '-D', base, delta)), after);
    assert.deepEqual(unpacked(dir, frame), after);
  }
});

type Names = [string, string, string];

/** What a frame needs to be read by itself, as the format says. */
function standing(encoded: EncodedContent, base: Buffer) {
  if (encoded.encoding === 'delta') return { dictionary: base, packed: encoded.body, wrap: (bytes: Buffer) => bytes };
  const { prefix, suffix, frame } = decodeSplice(encoded.body);
  return {
    dictionary: base.subarray(Math.max(0, prefix - 32_768), base.length - suffix + 32_768),
    packed: frame,
    wrap: (bytes: Buffer) => Buffer.concat([base.subarray(0, prefix), bytes, base.subarray(base.length - suffix)]),
  };
}

function isInstalled(tool: string): boolean {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function unpacked(dir: string, ...options: string[]): Buffer {
  const out = path.join(dir, 'out');
  execFileSync('zstd', ['-q', '-d', '-f', '-o', out, ...options], { stdio: 'pipe' });
  return readFileSync(out);
}

/** A change of a large file: what stands at `at` is replaced. */
const anEdit = fc.record({ at: fc.nat(), removed: fc.nat(70_000), added: fc.uint8Array({ maxLength: 300 }) });

test('large files are written as what changed between their ends', () => {
  const start = program(400_000, 11);
  fc.assert(
    fc.property(fc.array(anEdit, { minLength: 1, maxLength: 4 }), (edits) => {
      let before = start;
      const links: EncodedLink[] = [];
      for (const [depth, { at, removed, added }] of edits.entries()) {
        const from = at % (before.length + 1);
        const after = Buffer.concat([before.subarray(0, from), added, before.subarray(from + removed)]);
        const encoded = codec.encode(after, baseOf(before, depth));
        links.push({ ...encoded, size: after.length });
        assert.ok(encoded.body.length < added.length + 200);
        before = after;
      }
      assert.deepEqual(Buffer.from(codec.decode(links, start)), before);
    }),
    { numRuns: times(60) },
  );
});

test('a large file that grows at its end costs what was added', () => {
  const before = program(6_000_000, 13);
  const after = Buffer.concat([before, chance.bytes(1_000)]);
  const encoded = codec.encode(after, baseOf(before));
  assert.ok(encoded.body.length < 1_200, `${encoded.body.length}`);
  assert.deepEqual(decoded(encoded, after.length, before), after);
});

test('a chain is unpacked as one, from a keyframe, from raw bytes or from a base', () => {
  for (const first of [program(30_000, 4), chance.bytes(30_000)]) {
    const contents = [first];
    const links = [{ ...codec.encode(first), size: first.length }];
    for (let depth = 0; depth < 20; depth++) {
      const [before = first] = contents.slice(-1);
      const next = Buffer.concat([Buffer.from(`step ${depth}\n`), before.subarray(depth % 2 === 0 ? 100 : 0)]);
      links.push({ ...codec.encode(next, baseOf(before, depth)), size: next.length });
      contents.push(next);
    }
    for (const [n, content] of contents.entries()) {
      assert.deepEqual(Buffer.from(codec.decode(links.slice(0, n + 1))), content);
      if (n > 0) assert.deepEqual(Buffer.from(codec.decode(links.slice(n), contents[n - 1])), contents.at(-1));
    }
  }
});

test('what does not shrink is kept as it is', () => {
  for (const size of [1, 100, 10_000, 300_000]) {
    const bytes = chance.bytes(size);
    assert.equal(codec.encode(bytes).encoding, 'raw');
    assert.equal(codec.encode(bytes, baseOf(chance.bytes(size))).encoding, 'raw');
  }
  assert.equal(codec.encode(Buffer.alloc(0)).encoding, 'raw');
});

test('random data that changed in one place is written against what it was', () => {
  const before = chance.bytes(100_000);
  const after = Buffer.concat([before.subarray(0, 500), Buffer.from('!'), before.subarray(500)]);
  const encoded = codec.encode(after, baseOf(before));
  assert.equal(encoded.encoding, 'delta');
  assert.ok(encoded.body.length < 200);
});

test('a rewritten file is written anew', () => {
  assert.equal(codec.encode(program(50_000, 3), baseOf(chance.bytes(50_000), 20)).encoding, 'zstd');
});

test('chains are bounded in links and in bytes', () => {
  const small = program(10_000, 5);
  assert.equal(codec.encode(edited(small), baseOf(small, 62)).encoding, 'delta');
  assert.equal(codec.encode(edited(small), baseOf(small, 63)).encoding, 'zstd');
  const large = program(5_000_000, 5);
  assert.equal(codec.encode(edited(large), baseOf(large, 3)).encoding, 'splice');
  assert.equal(codec.encode(edited(large), baseOf(large, 30)).encoding, 'zstd');
});

test('a file that is itself a zstd dictionary is no base', () => {
  const dictionary = Buffer.concat([Buffer.from([0x37, 0xa4, 0x30, 0xec]), program(5_000, 9)]);
  const encoded = codec.encode(edited(dictionary), baseOf(dictionary));
  assert.equal(encoded.encoding, 'zstd');
  assert.deepEqual(decoded(encoded, edited(dictionary).length), edited(dictionary));
});

test('a stretch that looks like a zstd dictionary is none either', () => {
  const before = program(600_000, 15);
  const after = Buffer.concat([before.subarray(0, 300_000), Buffer.from('!'), before.subarray(300_000)]);
  before.set([0x37, 0xa4, 0x30, 0xec], 300_000 - 32_768);
  after.set([0x37, 0xa4, 0x30, 0xec], 300_000 - 32_768);
  const encoded = codec.encode(after, baseOf(before));
  assert.equal(encoded.encoding, 'delta');
  assert.deepEqual(decoded(encoded, after.length, before), after);
});

test('a splice that keeps more than there is gives nothing', () => {
  const base = program(20_000, 17);
  const { body } = codec.encode(Buffer.from('x'.repeat(500)));
  for (const kept of [
    { prefix: 30_000, suffix: 0 },
    { prefix: 0, suffix: 4_294_967_295 },
    { prefix: 15_000, suffix: 15_000 },
  ]) {
    for (const size of [10_000, 40_000]) {
      const link: EncodedLink = { encoding: 'splice', size, body: encodeSplice(kept, body) };
      assert.throws(() => codec.decode([link], base), /more is kept than there is/);
    }
  }
});

test('finds what two contents have in common at their ends', () => {
  fc.assert(
    fc.property(someBytes, someBytes, someBytes, someBytes, fc.nat(2), (start, a, b, end, repeats) => {
      const starts = Array.from({ length: repeats * 40 + 1 }, () => Buffer.from(start));
      const before = Buffer.concat([...starts, Buffer.from(a), ...starts, Buffer.from(end)]);
      const after = Buffer.concat([...starts, Buffer.from(b), ...starts, Buffer.from(end)]);
      const { prefix, suffix } = findSplice(before, after);
      assert.ok(prefix + suffix <= Math.min(before.length, after.length));
      assert.ok(before.subarray(0, prefix).equals(after.subarray(0, prefix)));
      assert.ok(before.subarray(before.length - suffix).equals(after.subarray(after.length - suffix)));
      assert.ok(prefix + suffix >= Math.min(before.length, after.length) - Math.max(a.length, b.length));
      assert.ok(prefix === Math.min(before.length, after.length) || before[prefix] !== after[prefix]);
    }),
  );
});

test('damaged frames and wrong bases throw or give other bytes, never more memory', () => {
  const before = program(20_000, 1);
  const after = edited(before);
  const encoded = codec.encode(after, baseOf(before));
  fc.assert(
    fc.property(fc.nat(encoded.body.length - 1), fc.nat(7), (at, bit) => {
      const body = Buffer.from(encoded.body);
      body.writeUInt8(body.readUInt8(at) ^ (1 << bit), at);
      try {
        assert.ok(codec.decode([{ body, size: after.length, encoding: 'delta' }], before).length === after.length);
      } catch (error) {
        assert.match(String(error), /zstd/);
      }
    }),
  );
});

test('many calls use no more memory than one', () => {
  const before = program(100_000, 2);
  const after = edited(before);
  const once = (): void => {
    const encoded = codec.encode(after, baseOf(before));
    decoded(encoded, after.length, before);
  };
  once();
  const memory = zstd.memoryBytes;
  for (let n = 0; n < times(1_000); n++) once();
  assert.equal(zstd.memoryBytes, memory);
});
