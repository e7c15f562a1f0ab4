import type { TreeEntry, TreeReader } from '../../src/commands/proposal/treeReader';

/** A folder tree in memory: the texts of its files by path. */
export function memoryTree(files: Readonly<Record<string, string>>): TreeReader {
  const folders = new Map<string, Map<string, TreeEntry>>([['', new Map()]]);
  for (const path of Object.keys(files)) {
    const names = path.split('/');
    for (const [index, name] of names.entries()) {
      const entries = folders.get(names.slice(0, index).join('/')) ?? new Map<string, TreeEntry>();
      folders.set(names.slice(0, index).join('/'), entries);
      entries.set(name, { name, kind: index === names.length - 1 ? 'file' : 'folder' });
    }
  }
  return {
    async *entries(folder) {
      yield* await Promise.resolve(folders.get(folder)?.values() ?? []);
    },
    text: (path) => Promise.resolve(files[path]),
    size: (path) => Promise.resolve(files[path]?.length),
  };
}
