/** Prints what stages that run side by side write, one stage after the other; the first that is not over, as it comes. */
export class StageOutputs {
  private readonly open: Output[] = [];

  constructor(private readonly write: (text: string) => void) {}

  /** A stage begins; what it writes is printed below the heading. */
  begin(heading: string): StageOutput {
    const output: Output = { text: `\n== ${heading} ==\n`, isOver: false };
    this.open.push(output);
    this.print();
    return {
      write: (text) => {
        output.text += text;
        this.print();
      },
      end: () => {
        output.isOver = true;
        this.print();
      },
    };
  }

  private print(): void {
    for (let first = this.open[0]; first; first = this.open[0]) {
      this.write(first.text);
      first.text = '';
      if (!first.isOver) return;
      this.open.shift();
    }
  }
}

export interface StageOutput {
  write(text: string): void;
  end(): void;
}

interface Output {
  /** What is not printed yet. */
  text: string;
  isOver: boolean;
}
