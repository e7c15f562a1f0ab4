import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diff3Merge } from 'node-diff3';

/** What `git merge-file` makes of three texts. */
export function gitMergeFile(
  base: string,
  ours: string,
  theirs: string,
  labels: { readonly ours: string; readonly theirs: string },
  favor?: 'ours' | 'theirs',
): { readonly text: string; readonly conflicts: number } {
  const folder = mkdtempSync(join(tmpdir(), 'obby-merge-'));
  try {
    for (const [name, text] of Object.entries({ base, ours, theirs })) writeFileSync(join(folder, name), text);
    const names = ['-L', labels.ours, '-L', 'base', '-L', labels.theirs, 'ours', 'base', 'theirs'];
    const how = favor ? [`--${favor}`] : ['--diff3'];
    const { stdout, status, stderr } = spawnSync('git', ['merge-file', '-p', ...how, ...names], { cwd: folder });
    if (status === null || status > 127) throw new Error(`git merge-file failed: ${stderr.toString()}`);
    return { text: withoutBase(stdout.toString()), conflicts: status };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without the sections that show the base. The finest level of git would also take out lines that both sides have. */
function withoutBase(text: string): string {
  return text.replace(/^\|{7} base\r?\n(?:(?!={7}\r?\n)[^\n]*\n)*/gm, '');
}

/** What `node-diff3` makes of three texts; undefined if they are in conflict. */
export function nodeDiff3(base: string, ours: string, theirs: string): string | undefined {
  const linesOf = (text: string): string[] => [...(text.match(/[^\n]*\n|[^\n]+$/g) ?? [])];
  const regions = diff3Merge(linesOf(ours), linesOf(base), linesOf(theirs));
  return regions.every(({ ok }) => ok) ? regions.flatMap(({ ok = [] }) => ok).join('') : undefined;
}
