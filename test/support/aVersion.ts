import type { Version } from '../../src/api/api';

/** A version as the history gives it, with what a test cares about. */
export function aVersion(facts: Partial<Version> = {}): Version {
  const path = facts.path ?? 'notes/todo.md';
  return {
    id: `v1-000000000-abcdef-${(facts.time ?? 0).toString(36)}@0123456789ab`,
    path,
    uri: aUri(`/project/${path}`),
    kind: 'modified',
    cause: 'save',
    confidence: 'certain',
    time: 0,
    size: 1_234,
    sha256: '0123456789abcdef'.repeat(4),
    added: 3,
    removed: 1,
    eolOnly: false,
    binary: false,
    pinned: false,
    changeSet: `moment ${facts.time ?? 0}`,
    ...facts,
  };
}

/** What code that runs without VS Code sees of a Uri. */
function aUri(path: string): Version['uri'] {
  const uri: Pick<Version['uri'], 'scheme' | 'path'> = { scheme: 'file', path };
  return uri as Version['uri'];
}
