import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { HostError } from './hostError';
import { readSettings, type Settings } from './settings';

export const usage = `npm run host -- [options]
Opens Obby, as built, in a real VS Code.

  --workspace DIR        a folder or a .code-workspace file; default a new, empty folder
  --tests FILE.js        runs the module's run() in the extension host and ends with its result
  --vsix FILE            installs this package instead of loading the extension from the project
  --settings FILE.json   user settings
  --port N               where the window can be seen; default a free port
  --screenshot FILE.png  takes a picture once the window has settled, or the suite has ended
  --keep                 keeps the window open after suite or picture, and its user data for good

Without --tests and --screenshot the window stays open until Ctrl+C.
OBBY_VSCODE and OBBY_BROWSER name the VS Code and the browser to use: an executable, or "registry" for those that
come from the npm registry. OBBY_HOST_VERSION names the release of code-server.`;

/** What the launcher was asked to do; every path is absolute. */
export interface LaunchOptions {
  readonly workspace: string | undefined;
  readonly tests: string | undefined;
  readonly vsix: string | undefined;
  readonly settings: Settings | undefined;
  readonly port: number | undefined;
  readonly screenshot: string | undefined;
  readonly keep: boolean;
}

/** Reads the launcher's arguments; `cwd` is what relative paths start from. Rejects with what is wrong with them. */
export async function parseLaunchOptions(args: readonly string[], cwd: string): Promise<LaunchOptions> {
  const values = parseValues(args);
  const existing = (option: string, value: string | undefined): string | undefined => {
    if (value === undefined) return undefined;
    const file = path.resolve(cwd, value);
    if (!existsSync(file)) throw new HostError(`--${option} names ${file}, which does not exist.`);
    return file;
  };
  const settings = existing('settings', values.settings);
  return {
    workspace: existing('workspace', values.workspace),
    tests: existing('tests', values.tests),
    vsix: existing('vsix', values.vsix),
    settings: settings === undefined ? undefined : await readSettings(settings),
    port: values.port === undefined ? undefined : parsePort(values.port),
    screenshot: values.screenshot === undefined ? undefined : path.resolve(cwd, values.screenshot),
    keep: values.keep ?? false,
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        workspace: { type: 'string' },
        tests: { type: 'string' },
        vsix: { type: 'string' },
        settings: { type: 'string' },
        port: { type: 'string' },
        screenshot: { type: 'string' },
        keep: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new HostError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new HostError(`--port is ${text}, not a port number.`);
  return port;
}
