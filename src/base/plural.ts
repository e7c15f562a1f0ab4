/**
 * The form that a count needs. Both are literal `l10n.t` calls at the caller, so that the extractor finds them; languages
 * with more forms word the second one so that it fits every number but one.
 */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
