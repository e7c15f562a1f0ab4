/** Text that looks like a program's, different for each seed; about `bytes` long. */
export function sourceText(seed: number, bytes: number): string[] {
  const lines: string[] = [];
  for (let length = 0, state = seed; length < bytes; length += lines.at(-1)?.length ?? 0) {
    state = next(state);
    lines.push(sourceLine(state));
  }
  return lines;
}

/** A line, different for each seed. */
export function sourceLine(seed: number): string {
  const [a, b, c] = [next(seed), next(seed + 1), next(seed + 2)];
  const pick = (from: number) => words[from % words.length] ?? '';
  return `${' '.repeat((a % 4) * 2)}const ${pick(a)}${pick(b)} = ${pick(c)}(${b % 1000}, '${pick(b + c)} ${seed}');\n`;
}

/** A step of a linear congruential generator: the same numbers in every run. */
export function next(state: number): number {
  return (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
}

const words = (
  'value index entry reader writer folder content version record queue state event path name list page bytes line token ' +
  'parse merge apply update create remove render select filter map count total first last next open close flush'
).split(' ');
