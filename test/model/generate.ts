import { Random } from './random';
import type { Content, DiskStep, Step } from './step';

/** Folders and names are few, so that steps meet each other's files. */
const folders = ['', 'src', 'src/deep', 'docs', 'docs/old/ä b', 'out'];
const names = ['a.txt', 'b.md', 'ü z.txt', 'Caps.TXT', 'data.bin', 'c.tmp'];
const watchLines = [
  '*',
  '*',
  'src/',
  'docs/',
  '*.txt',
  '/a.*',
  '**/*.md',
  '!*.tmp',
  '!src/deep/',
  '!docs/old',
  '# all',
];
const ignoreLines = ['*.tmp', 'deep/', '/docs/*', '!docs/old', '*.md', '!b.md', 'Caps.*', '# none'];

/** What every sequence begins with. */
export function initialFiles(): DiskStep[] {
  const files = ['a.txt', 'b.md', 'src/a.txt', 'src/deep/b.md', 'docs/data.bin', 'out/a.txt', 'src/c.tmp'];
  return [
    { do: 'rules', path: '.obbywatch', lines: ['*', '!*.tmp'] },
    { do: 'rules', path: '.obbyignore', lines: ['out/'] },
    ...folders.slice(1).map((path): DiskStep => ({ do: 'make folders', path })),
    ...files.map((path): DiskStep => {
      const form = path.endsWith('.bin') ? 'binary' : 'lines';
      return { do: 'write', path, content: { form, mark: `of ${path}` } };
    }),
  ];
}

/** The steps that follow from a seed. The last thing in any sequence is a flush, so none is among them. */
export function generate(seed: number): Step[] {
  return new Generator(new Random(seed)).steps();
}

/** Knows roughly what exists, so that most steps find something; what does not apply is skipped when it is done. */
class Generator {
  private readonly files = new Set(initialFiles().flatMap((step) => (step.do === 'write' ? [step.path] : [])));
  private marks = 0;

  constructor(private readonly random: Random) {}

  steps(): Step[] {
    const { random } = this;
    const rules = random.pick([[], [], [this.watchRules()], [this.watchRules(), this.ignoreRules('.obbyignore')]]);
    const meanwhile = Array.from({ length: random.integer(0, 4) }, () => this.diskStep());
    const before = this.stretch(random.integer(10, 20));
    const after = this.stretch(random.integer(4, 10));
    return [...rules, ...before, { do: 'reload', meanwhile }, ...after];
  }

  private stretch(length: number): Step[] {
    return Array.from({ length }, () =>
      this.random.weighted<() => Step>([
        [10, () => this.diskStep()],
        [4, () => this.editorStep()],
        [2, () => this.gitStep()],
        [1, () => this.ruleStep()],
        [5, () => ({ do: 'settle' })],
        [1, () => ({ do: 'pause', ms: this.random.integer(0, 900) })],
      ])(),
    );
  }

  private diskStep(): DiskStep {
    return this.random.weighted<() => DiskStep>([
      [4, () => this.made({ do: 'write', path: this.anyPath(), content: this.content() })],
      [3, () => this.made({ do: 'write', path: this.file(), content: this.content() })],
      [2, () => this.made({ do: 'replace', path: this.file(), content: this.content() })],
      [2, () => ({ do: 'append', path: this.file(), content: this.content() })],
      [1, () => ({ do: 'truncate', path: this.file(), size: this.random.pick([0, 1, 5]) })],
      [4, () => this.moved('move', this.file(), this.anyPath())],
      [2, () => this.moved('move', this.folder(), this.newFolder())],
      [1, () => this.moved('copy', this.file(), this.anyPath())],
      [1, () => this.moved('copy', this.folder(), this.newFolder())],
      [1, () => ({ do: 'swap', from: this.file(), to: this.file() })],
      [1, () => ({ do: 'make folders', path: this.newFolder() })],
      [2, () => this.gone('remove', this.file())],
      [1, () => this.gone('remove', this.folder())],
      [1, () => ({ do: 'touch', path: this.file() })],
    ])();
  }

  private editorStep(): Step {
    return this.random.weighted<() => Step>([
      [6, () => this.made({ do: 'save', path: this.file(), content: this.text() })],
      [1, () => this.moved('rename in VS Code', this.file(), this.anyPath())],
      [1, () => this.moved('rename in VS Code', this.folder(), this.newFolder())],
      [1, () => this.gone('delete in VS Code', this.random.pick([this.file(), this.folder()]))],
    ])();
  }

  private gitStep(): Step {
    const args = this.random.pick([
      ['checkout', '-f', 'first'],
      ['checkout', '-f', 'second'],
      ['checkout', '-f', 'second'],
      ['stash', '--include-untracked'],
      ['stash', 'pop'],
      ['reset', '--hard'],
      ['clean', '-fd'],
      ['commit', '-am', 'more'],
      ['add', '-A'],
      ['mv', this.file(), this.anyPath()],
    ]);
    return { do: 'git', args };
  }

  private ruleStep(): Step {
    return this.random.weighted<() => Step>([
      [3, () => this.watchRules()],
      [2, () => this.ignoreRules(this.random.pick(['.obbyignore', 'src/.obbyignore', 'docs/.obbyignore']))],
      [1, () => ({ do: 'remove', path: this.random.pick(['.obbywatch', '.obbyignore', 'src/.obbyignore']) })],
    ])();
  }

  private watchRules(): Step {
    const lines = Array.from({ length: this.random.integer(0, 3) }, () => this.random.pick(watchLines));
    return { do: 'rules', path: '.obbywatch', lines: [this.random.pick(['*', '*', '*', ...watchLines]), ...lines] };
  }

  /** `out/` is never watched, so that what must not be recorded is there in every sequence. */
  private ignoreRules(path: string): Step {
    const lines = Array.from({ length: this.random.integer(0, 2) }, () => this.random.pick(ignoreLines));
    return { do: 'rules', path, lines: [...lines, 'out/'] };
  }

  private content(): Content {
    const form = this.random.weighted<Content['form']>([
      [8, 'lines'],
      [2, 'CRLF'],
      [1, 'empty'],
      [2, 'binary'],
      [1, 'long'],
      [1, 'UTF-8 with BOM'],
      [1, 'Latin-1'],
    ]);
    return { form, mark: this.mark() };
  }

  private text(): Content {
    return { form: this.random.pick(['lines', 'lines', 'CRLF', 'long', 'empty']), mark: this.mark() };
  }

  private mark(): string {
    return `#${++this.marks}`;
  }

  private file(): string {
    return this.files.size > 0 ? this.random.pick([...this.files]) : this.anyPath();
  }

  private anyPath(): string {
    const folder = this.random.pick(folders);
    const name = this.random.pick(names);
    return folder === '' ? name : `${folder}/${name}`;
  }

  private folder(): string {
    return this.random.pick(folders.slice(1));
  }

  private newFolder(): string {
    return this.random.pick(['new', 'src/new', 'docs/new/er', 'out/new', ...folders.slice(1)]);
  }

  private made<T extends Step & { readonly path: string }>(step: T): T {
    this.files.add(step.path);
    return step;
  }

  private moved<T extends 'move' | 'copy' | 'rename in VS Code'>(how: T, from: string, to: string) {
    for (const path of [...this.files]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.files.add(to + path.slice(from.length));
      if (how !== 'copy') this.files.delete(path);
    }
    return { do: how, from, to };
  }

  private gone<T extends 'remove' | 'delete in VS Code'>(how: T, gone: string) {
    for (const path of [...this.files]) if (path === gone || path.startsWith(`${gone}/`)) this.files.delete(path);
    return { do: how, path: gone };
  }
}
