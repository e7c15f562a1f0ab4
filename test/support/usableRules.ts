import { parseRuleFile } from '../../src/rules/ruleFile';

export interface RuleFileText {
  readonly dir: string;
  readonly text: string;
}

/** Numbers, from 0, of the lines that Obby reports; to git they are patterns that match nothing. */
export function unusableLines(text: string): number[] {
  return parseRuleFile(text, 'f').problems.map(({ line }) => line - 1);
}

/** The same rules as far as they can be used. */
export function usableRules({ dir, text }: RuleFileText): RuleFileText {
  const unusable = new Set(unusableLines(text));
  const kept = text.split('\n').map((line, at) => (unusable.has(at) ? '' : line));
  return { dir, text: kept.join('\n') };
}
