/** Writes in colours, or plainly. */
export interface Style {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const codes = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export function styleOf(isColoured: boolean): Style {
  const painter = (code: number) => (text: string) =>
    isColoured && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    dim: painter(codes.dim),
    bold: painter(codes.bold),
    red: painter(codes.red),
    green: painter(codes.green),
    yellow: painter(codes.yellow),
    cyan: painter(codes.cyan),
  };
}
