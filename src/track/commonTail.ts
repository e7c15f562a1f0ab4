/** How many names two paths end with alike: a moved folder's files keep theirs. */
export function commonTail(a: string, b: string): number {
  const left = a.split('/').reverse();
  const right = b.split('/').reverse();
  const differ = left.findIndex((name, index) => name !== right[index]);
  return differ < 0 ? left.length : differ;
}
