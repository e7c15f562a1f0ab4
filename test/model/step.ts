/** What is done to the disk, by no one that VS Code knows. Paths are relative to the folder, with `/`. */
export type DiskStep =
  | { readonly do: 'write' | 'replace' | 'append'; readonly path: string; readonly content: Content }
  | { readonly do: 'truncate'; readonly path: string; readonly size: number }
  | { readonly do: 'rules'; readonly path: string; readonly lines: readonly string[] }
  | { readonly do: 'move' | 'swap' | 'copy'; readonly from: string; readonly to: string }
  | { readonly do: 'make folders' | 'remove' | 'touch'; readonly path: string };

/** What is done by an editor, or by git. */
export type ProgramStep =
  | { readonly do: 'save'; readonly path: string; readonly content: Content }
  | { readonly do: 'rename in VS Code'; readonly from: string; readonly to: string }
  | { readonly do: 'delete in VS Code'; readonly path: string }
  | { readonly do: 'git'; readonly args: readonly string[] };

export type Step =
  | DiskStep
  | ProgramStep
  /** Waits until everything is recorded that must be without anyone asking. */
  | { readonly do: 'settle' }
  | { readonly do: 'pause'; readonly ms: number }
  /** The window closes and opens again; what is done meanwhile, nobody sees. */
  | { readonly do: 'reload'; readonly meanwhile: readonly DiskStep[] };

/** A content, no two of which are alike where their marks are not, but for the empty one. */
export interface Content {
  readonly form: 'lines' | 'CRLF' | 'empty' | 'binary' | 'long' | 'UTF-8 with BOM' | 'Latin-1';
  readonly mark: string;
}

const longLines = 4_000;

/** The bytes of a content. */
export function bytesOf({ form, mark }: Content): Buffer {
  switch (form) {
    case 'lines':
      return Buffer.from(`one\ntwo ${mark}\nthree\n`);
    case 'CRLF':
      return Buffer.from(`one\r\ntwo ${mark}\r\nthree`);
    case 'empty':
      return Buffer.alloc(0);
    case 'binary':
      return Buffer.from(`\0\xff${mark}\0`, 'latin1');
    case 'long':
      return Buffer.from(Array.from({ length: longLines }, (_, index) => `line ${index} of ${mark}\n`).join(''));
    case 'UTF-8 with BOM':
      return Buffer.from(`\uFEFFgrüß ${mark}\n`);
    case 'Latin-1':
      return Buffer.from(`gr\xfc\xdf ${mark}\n`, 'latin1');
  }
}

/** One line for people. */
export function describeStep(step: Step): string {
  switch (step.do) {
    case 'git':
      return `git ${step.args.join(' ')}`;
    case 'settle':
      return 'settle';
    case 'pause':
      return `pause ${step.ms} ms`;
    case 'reload':
      return `reload the window${step.meanwhile.length > 0 ? `; meanwhile: ${step.meanwhile.map(describeStep).join(', ')}` : ''}`;
    case 'rules':
      return `write ${step.path}: ${JSON.stringify(step.lines)}`;
    case 'truncate':
      return `truncate ${JSON.stringify(step.path)} to ${step.size} bytes`;
    case 'write':
    case 'replace':
    case 'append':
    case 'save':
      return `${step.do} ${JSON.stringify(step.path)} (${step.content.form} ${step.content.mark})`;
    case 'move':
    case 'swap':
    case 'copy':
    case 'rename in VS Code':
      return `${step.do} ${JSON.stringify(step.from)} ${JSON.stringify(step.to)}`;
    case 'make folders':
    case 'remove':
    case 'delete in VS Code':
    case 'touch':
      return `${step.do} ${JSON.stringify(step.path)}`;
  }
}
