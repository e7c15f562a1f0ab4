/** The title of a command in the language of the window, and its icon. */
export interface CommandTitle {
  readonly title: string;
  /** Codicon name. */
  readonly icon: string;
}

/** Titles and icons by command id, so that messages and menus use those of the palette. */
export function commandTitles(packageJson: unknown): ReadonlyMap<string, CommandTitle> {
  const declared = property(property(packageJson, 'contributes'), 'commands');
  const entries = (Array.isArray(declared) ? declared : []).flatMap((entry: unknown) => {
    const id = property(entry, 'command');
    const title = text(property(entry, 'title'));
    const icon = text(property(entry, 'icon')).replace(/^\$\((.*)\)$/, '$1');
    return typeof id === 'string' ? [[id, { title, icon }] as const] : [];
  });
  return new Map(entries);
}

/** VS Code turns a translated title into `{ value, original }`. */
function text(value: unknown): string {
  const plain = typeof value === 'string' ? value : property(value, 'value');
  return typeof plain === 'string' ? plain : '';
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
