import { join } from 'node:path';
import type { CliIo } from '../cliIo';

/** Where an editor keeps what extensions store, and its settings. */
export interface Product {
  readonly name: string;
  /** Absolute path of the folder that holds all histories, unless its settings say another. */
  readonly histories: string;
  /** Absolute paths; the later ones win. */
  readonly settings: readonly string[];
}

/** The publisher and name of the extension, as editors name the folder of its storage. */
const extensionId = 'obby.obby';

/** By the name of the folder of their user data. */
const desktops = [
  ['Code', 'VS Code'],
  ['Code - Insiders', 'VS Code Insiders'],
  ['VSCodium', 'VSCodium'],
  ['VSCodium - Insiders', 'VSCodium Insiders'],
  ['Code - OSS', 'Code - OSS'],
  ['Cursor', 'Cursor'],
  ['Windsurf', 'Windsurf'],
] as const;

/** Servers of remote windows, by the name of their folder in the user's. */
const servers = [
  ['.vscode-server', 'VS Code Server'],
  ['.vscode-server-insiders', 'VS Code Server Insiders'],
  ['.vscode-remote', 'VS Code Remote'],
  ['.vscodium-server', 'VSCodium Server'],
  ['.cursor-server', 'Cursor Server'],
  ['.windsurf-server', 'Windsurf Server'],
] as const;

type Around = Pick<CliIo, 'env' | 'home' | 'platform'>;

/** The editors that may have histories on this machine, the most common first. */
export function productsOf(around: Around): Product[] {
  const { env, home } = around;
  const portable = env['VSCODE_PORTABLE'];
  const dataOf = configDir(around);
  return [
    ...(portable === undefined ? [] : [productIn('VS Code Portable', join(portable, 'user-data'))]),
    ...desktops.map(([folder, name]) => productIn(name, join(dataOf, folder))),
    ...servers.map(([folder, name]) => productIn(name, join(home, folder, 'data'))),
    productIn('code-server', join(home, '.local', 'share', 'code-server')),
  ];
}

function configDir({ env, home, platform }: Around): string {
  if (platform === 'win32') return env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return env['XDG_CONFIG_HOME'] || join(home, '.config');
}

function productIn(name: string, data: string): Product {
  return {
    name,
    histories: join(data, 'User', 'globalStorage', extensionId, 'histories'),
    settings: [join(data, 'User', 'settings.json'), join(data, 'Machine', 'settings.json')],
  };
}
