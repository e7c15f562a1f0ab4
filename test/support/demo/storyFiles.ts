const tidesHead = `export interface Tide {
  /** Milliseconds since the epoch. */
  time: number;
  /** Metres above chart datum. */
  height: number;
}

/** High and low waters of a day, earliest first. */
export function tidesOf(day: Tide[]): Tide[] {
  return day.slice().sort((a, b) => a.time - b.time);
}
`;

const range = `
/** The difference of the highest and the lowest water of a day. */
export function range(day: Tide[]): number {
  const heights = day.map((tide) => tide.height);
  return Math.max(...heights) - Math.min(...heights);
}
`;

const next = `
/** The first tide after a time. */
export function nextTide(day: Tide[], now: number): Tide | undefined {
  return tidesOf(day).find((tide) => tide.time > now);
}

/** The height between two tides, by the rule of twelfths. */
export function heightAt(before: Tide, after: Tide, time: number): number {
  const twelfths = [0, 1, 3, 6, 9, 11, 12];
  const sixth = ((time - before.time) / (after.time - before.time)) * 6;
  const whole = Math.min(5, Math.floor(sixth));
  const from = twelfths[whole] ?? 0;
  const to = twelfths[whole + 1] ?? 12;
  const part = from + (to - from) * (sixth - whole);
  return before.height + ((after.height - before.height) * part) / 12;
}
`;

const format = `export function formatHeight(metres: number): string {
  return metres.toFixed(1) + " m"
}

export function formatTime(time: number): string {
  const date = new Date(time)
  return date.getUTCHours() + ":" + date.getUTCMinutes()
}
`;

const formattedFormat = `export function formatHeight(metres: number): string {
  return \`\${metres.toFixed(1)} m\`;
}

export function formatTime(time: number): string {
  return new Date(time).toISOString().slice(11, 16);
}
`;

const main = `import { tidesOf } from "./tides"
import { formatHeight, formatTime } from "./format"

for (const tide of tidesOf([])) {
  console.log(formatTime(tide.time), formatHeight(tide.height))
}
`;

const mainWithNext = `import { nextTide, tidesOf } from "./tides"
import { formatHeight, formatTime } from "./format"

const day = tidesOf([])
for (const tide of day) {
  console.log(formatTime(tide.time), formatHeight(tide.height))
}
console.log("next", nextTide(day, Date.now()))
`;

const formattedMain = mainWithNext.replaceAll('"', "'").replace(/([^{}\n])\n/g, '$1;\n');

const todo = `# To do

- [ ] read the tables of three harbours
- [ ] tidal range of a day
- [ ] say which tide is next
`;

const readme = `# Tide table

Prints today's high and low waters.
`;

/** The contents of the demo workspace's files over time, by what they show. */
export const files = {
  watchRules: `# What Obby remembers, in the syntax of .gitignore.
*.md
src/
`,
  ignoreRules: `# Never recorded, whatever .obbywatch says.
drafts/
build/
`,
  readme,
  readmeWithUsage: `${readme}
## Usage

    npm start -- --harbour Dover

Heights are in metres above chart datum.
`,
  todo,
  todoStarted: todo.replace('[ ] read', '[x] read'),
  todoDone: `${todo.replaceAll('[ ]', '[x]')}- [ ] heights between two tides
`,
  names: `# Harbours

Dover, Saint-Malo, Cuxhaven
`,
  tides: tidesHead,
  tidesWithRange: tidesHead + range,
  tidesWithNext: tidesHead + range + next,
  tidesGutted: `${tidesHead}
/** The first tide after a time. */
export function nextTide(day: Tide[], now: number): Tide | undefined {
  // TODO
  return day[0];
}
`,
  format,
  main,
  mainWithNext,
  mainWithHeight: formattedMain.replace('./format', './height'),
  formatted: { 'src/format.ts': formattedFormat, 'src/main.ts': formattedMain },
  letter: 'Dear harbour master, …\n',
  built: '// generated\n',
} as const;
