import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HostError } from './hostError';

/** VS Code settings by id. */
export type Settings = Readonly<Record<string, unknown>>;

const trustSetting = 'security.workspace.trust.enabled';

/** A window that talks to nobody and shows nothing that was not asked for; notifications stay. */
const quietSettings: Settings = {
  'chat.disableAIFeatures': true,
  'editor.cursorBlinking': 'solid',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // As on the desktop; a browser saves by itself.
  'files.autoSave': 'off',
  [trustSetting]: false,
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  // Drawn without a GPU, it would cost more than all else.
  'terminal.integrated.gpuAcceleration': 'off',
  'update.showReleaseNotes': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

export interface SettingsOptions {
  /** Override the quiet defaults. */
  readonly settings?: Settings | undefined;
  /** Whether VS Code asks if it may trust the workspace, and starts restricted; default false. */
  readonly workspaceTrust?: boolean | undefined;
}

/** Writes the user settings of a new profile, or changes those given in one that has been used before. */
export async function writeSettings(profileDir: string, options: SettingsOptions): Promise<void> {
  const file = path.join(profileDir, 'data', 'User', 'settings.json');
  const written = existsSync(file) ? await readSettings(file) : quietSettings;
  const trust = options.workspaceTrust === undefined ? {} : { [trustSetting]: options.workspaceTrust };
  const settings = { ...written, ...trust, ...options.settings };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(settings, undefined, 2)}\n`);
}

/** Reads a settings file: one JSON object, without comments. */
export async function readSettings(file: string): Promise<Settings> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (isSettings(value)) return value;
  } catch (error) {
    throw new HostError(`The settings in ${file} could not be read: ${String(error)}`);
  }
  throw new HostError(`The settings in ${file} are not a JSON object.`);
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
