import { readFile } from 'node:fs/promises';
// The package's entry finds its WebAssembly only beside the bundle; this module of it takes the bytes.
import { Module, waitInitialized } from '../../node_modules/@bokuweb/zstd-wasm/dist/common/module.js';

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

const empty = new Uint8Array(0);

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
    wasm.init(await readFile(`${wasmDir}/zstd.wasm`));
    await waitInitialized();
    return new Zstd(wasm);
  }

  /** Bytes of WebAssembly memory in use; it never shrinks. */
  get memoryBytes(): number {
    return this.wasm.HEAPU8.length;
  }

  /** One frame; with a dictionary, what both share costs next to nothing. */
  compress(bytes: Uint8Array, level: number, dictionary: Uint8Array = empty): Uint8Array {
    const { wasm } = this;
    const room = wasm._ZSTD_compressBound(bytes.length);
    return this.run(bytes, dictionary, room, (to, from, dict) =>
      wasm._ZSTD_compress_usingDict(this.compressor, to, room, from, bytes.length, dict, dictionary.length, level),
    );
  }

  /** The content of a frame that is known to hold `size` bytes. */
  decompress(frame: Uint8Array, size: number, dictionary: Uint8Array = empty): Uint8Array {
    const { wasm } = this;
    return this.run(frame, dictionary, size, (to, from, dict) =>
      wasm._ZSTD_decompress_usingDict(this.decompressor, to, size, from, frame.length, dict, dictionary.length),
    );
  }

  private run(
    input: Uint8Array,
    dictionary: Uint8Array,
    room: number,
    work: (to: number, from: number, dictionary: number) => number,
  ): Uint8Array {
    const { wasm } = this;
    const to = this.allocate(room + input.length + dictionary.length);
    try {
      const from = to + room;
      wasm.HEAPU8.set(input, from);
      wasm.HEAPU8.set(dictionary, from + input.length);
      const size = work(to, from, from + input.length);
      if (wasm._ZSTD_isError(size)) throw new Error(`zstd failed (${-size})`);
      return wasm.HEAPU8.slice(to, to + size);
    } finally {
      wasm._free(to);
    }
  }

  private allocate(bytes: number): number {
    const address = this.wasm._malloc(bytes);
    if (address === 0) throw new Error(`zstd has no room for ${bytes} bytes`);
    return address;
  }
}
