import { readFileSync, realpathSync } from 'node:fs';

/** The contents of `/proc/version` and `/proc/mounts`; empty where they do not exist. */
export interface SystemFacts {
  readonly version: string;
  readonly mounts: string;
}

/** File systems that send no events for what another machine, or Windows, writes to them. */
const eventlessTypes = new Set([
  '9p',
  'afs',
  'cifs',
  'drvfs',
  'fuse.glusterfs',
  'fuse.rclone',
  'fuse.s3fs',
  'fuse.sshfs',
  'fuse.vmhgfs-fuse',
  'ncpfs',
  'nfs',
  'nfs4',
  'prl_fs',
  'smb3',
  'smbfs',
  'vboxsf',
  'vmhgfs',
]);

/** The type of a folder's file system, if its events cannot be relied on; undefined otherwise. */
export function eventlessFileSystemOf(root: string): string | undefined {
  return eventlessTypeOf(realPathOf(root), { version: readText('/proc/version'), mounts: readText('/proc/mounts') });
}

/** @param path absolute, without links */
export function eventlessTypeOf(path: string, { version, mounts }: SystemFacts): string | undefined {
  const type = mountTypeOf(path, mounts);
  if (type !== undefined && eventlessTypes.has(type)) return type;
  return /microsoft|wsl/i.test(version) && /^\/mnt\/[a-z](\/|$)/.test(path) ? 'drvfs' : undefined;
}

/**
 * The type of the innermost mount that contains a path; of several at one mount point the last, which hides the others.
 */
function mountTypeOf(path: string, mounts: string): string | undefined {
  let best = '';
  let type: string | undefined;
  for (const line of mounts.split('\n')) {
    const [, place = '', kind] = line.split(' ');
    const mount = unescaped(place);
    const holds = mount === '/' || path === mount || path.startsWith(`${mount}/`);
    if (!holds || mount.length < best.length) continue;
    best = mount;
    type = kind;
  }
  return type;
}

/** Spaces and some other characters are written as octal numbers. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
