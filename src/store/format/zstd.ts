import { readFile } from 'node:fs/promises';
import { dictionaryRange, type Splice } from './contentEncoding';
// The package's entry finds its WebAssembly only beside the bundle; this inner module takes the bytes.
import { Module, waitInitialized } from '../../../node_modules/@bokuweb/zstd-wasm/dist/common/module.js';

interface ZstdModule {
  readonly HEAPU8: Uint8Array;
  init(wasm: Uint8Array): void;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _ZSTD_isError(result: number): number;
  _ZSTD_compressBound(size: number): number;
  _ZSTD_createCCtx(): number;
  _ZSTD_createDCtx(): number;
  _ZSTD_compress_usingDict(
    context: number,
    to: number,
    room: number,
    from: number,
    size: number,
    dictionary: number,
    dictionarySize: number,
    level: number,
  ): number;
  _ZSTD_decompress_usingDict(
    context: number,
    to: number,
    room: number,
    from: number,
    size: number,
    dictionary: number,
    dictionarySize: number,
  ): number;
}

/** Part of every JavaScript engine, but typed with the browser's library only. */
declare const WebAssembly: { validate(bytes: Uint8Array): boolean };

const empty = new Uint8Array(0);

/** A zstd frame and the content that it decodes to. */
export interface Frame {
  readonly bytes: Uint8Array;
  /** Bytes of that content. */
  readonly size: number;
  /** What the content takes from its base; without it the whole base is the frame's dictionary. */
  readonly kept?: Splice;
}

const wholly: Splice = { prefix: 0, suffix: 0 };

/** zstd with contexts that are reused: one instance serves every store of a thread. */
export class Zstd {
  private static loading: Promise<Zstd> | undefined;
  private readonly compressor: number;
  private readonly decompressor: number;

  private constructor(private readonly wasm: ZstdModule) {
    this.compressor = wasm._ZSTD_createCCtx();
    this.decompressor = wasm._ZSTD_createDCtx();
  }

  /** `wasmDir` holds `zstd.wasm`. */
  static load(wasmDir: string): Promise<Zstd> {
    Zstd.loading ??= Zstd.start(wasmDir).catch((error: unknown) => {
      Zstd.loading = undefined;
      throw error;
    });
    return Zstd.loading;
  }

  private static async start(wasmDir: string): Promise<Zstd> {
    const wasm = Module as unknown as ZstdModule;
    const bytes = await readFile(`${wasmDir}/zstd.wasm`);
    // The module would only log the failure, and never be initialized.
    if (!WebAssembly.validate(bytes)) throw new Error(`${wasmDir}/zstd.wasm is damaged`);
    wasm.init(bytes);
    await waitInitialized();
    return new Zstd(wasm);
  }

  /** Bytes of WebAssembly memory in use; it never shrinks. */
  get memoryBytes(): number {
    return this.wasm.HEAPU8.length;
  }

  /** Compresses into one frame; what the dictionary has too costs almost nothing. */
  compress(bytes: Uint8Array, level: number, dictionary: Uint8Array = empty): Uint8Array {
    const { wasm, compressor } = this;
    const room = wasm._ZSTD_compressBound(bytes.length);
    return this.within(room + bytes.length + dictionary.length, (to) => {
      const from = to + room;
      const base = from + bytes.length;
      wasm.HEAPU8.set(bytes, from);
      wasm.HEAPU8.set(dictionary, base);
      const size = this.checked(
        wasm._ZSTD_compress_usingDict(compressor, to, room, from, bytes.length, base, dictionary.length, level),
      );
      return wasm.HEAPU8.slice(to, to + size);
    });
  }

  /** Decompresses one frame of unknown size; throws when it has more than `maxSize` bytes, or is no frame. */
  unpack(frame: Uint8Array, maxSize: number): Uint8Array {
    const { wasm, decompressor } = this;
    return this.within(frame.length + maxSize, (to) => {
      const from = to + maxSize;
      wasm.HEAPU8.set(frame, from);
      const size = this.checked(wasm._ZSTD_decompress_usingDict(decompressor, to, maxSize, from, frame.length, to, 0));
      return wasm.HEAPU8.slice(to, to + size);
    });
  }

  /**
   * Decompresses a chain of frames: each has the content before it as its base, the first one has `base`. Returns the
   * last content. The contents in between never leave WebAssembly.
   */
  decompress(frames: readonly Frame[], base: Uint8Array = empty): Uint8Array {
    const room = frames.reduce((most, { size }) => Math.max(most, size), base.length);
    const packed = frames.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
    return this.within(room * 2 + packed, (start) => {
      const input = start + room * 2;
      let [from, to, length] = [start, start + room, base.length];
      this.wasm.HEAPU8.set(base, from);
      for (const frame of frames) {
        this.wasm.HEAPU8.set(frame.bytes, input);
        this.unpackOnto(frame, input, { at: from, length }, to);
        [from, to, length] = [to, from, frame.size];
      }
      return this.wasm.HEAPU8.slice(from, from + length);
    });
  }

  private unpackOnto(
    { bytes, size, kept = wholly }: Frame,
    input: number,
    base: { readonly at: number; readonly length: number },
    to: number,
  ): void {
    const { wasm, decompressor } = this;
    const memory = wasm.HEAPU8;
    const { prefix, suffix } = kept;
    const middle = size - prefix - suffix;
    if (middle < 0 || prefix + suffix > base.length) throw new Error('zstd: more is kept than there is');
    const dictionary = kept === wholly ? { from: 0, to: base.length } : dictionaryRange(kept, base.length);
    const [from, length] = [base.at + dictionary.from, dictionary.to - dictionary.from];
    memory.copyWithin(to, base.at, base.at + prefix);
    const got = this.checked(
      wasm._ZSTD_decompress_usingDict(decompressor, to + prefix, middle, input, bytes.length, from, length),
    );
    if (got !== middle) throw new Error(`zstd gave ${got} of ${middle} bytes`);
    memory.copyWithin(to + prefix + middle, base.at + base.length - suffix, base.at + base.length);
  }

  /** Lends memory to `work`. */
  private within(bytes: number, work: (start: number) => Uint8Array): Uint8Array {
    const start = this.wasm._malloc(bytes);
    if (start === 0) throw new Error(`zstd has no room for ${bytes} bytes`);
    try {
      return work(start);
    } finally {
      this.wasm._free(start);
    }
  }

  private checked(size: number): number {
    if (this.wasm._ZSTD_isError(size)) throw new Error(`zstd failed (${-size})`);
    return size;
  }
}
