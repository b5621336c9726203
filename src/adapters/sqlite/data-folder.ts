/** Can the state be kept here? Asked before SQLite is, which says "unable to open" of a missing right, a file in the way and a disk alike. */
import { accessSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder, or a file of the state in it, cannot be used; the message says which and what to do. */
export class DataFolderFault extends Error {}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: '没有读写权限 no right to read and write',
  EPERM: '没有读写权限 no right to read and write',
  EROFS: '只读文件系统 a read-only file system',
  ENOTDIR: '路径中有一段是文件,不是文件夹 a part of the path is a file, no folder',
  EEXIST: '那里是一个文件,不是文件夹 there is a file, no folder',
  ENOSPC: '磁盘已满 the disk is full',
  ENOENT:
    '没有这个路径,或那里不能建文件夹,盘可能没有挂上 no such path, or no folder can be made there; its disk may not be mounted',
  EIO: '读写出错,盘可能坏了或断开了 it cannot be read or written, the disk may be broken or gone',
  ESTALE: '网络盘已断开 the network drive is gone',
  EHOSTDOWN: '网络盘已断开 the network drive is gone',
  ENOTCONN: '网络盘已断开 the network drive is gone',
};

/** Why the world refuses a path, in words; what it says itself where there are none. */
export function pathReason(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

/** Makes the folder, and those above it, as `recursive` does, which never comes back where nobody may make folders (below /proc). */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder);
}

/** Makes the folder where it is missing. Throws `DataFolderFault` when it, or a file of the state in it, may not be read and written. */
export function openDataFolder(folder: string): void {
  const tried = (path: string, attempt: () => void): void => {
    try {
      attempt();
    } catch (error) {
      throw new DataFolderFault(
        `不能使用 ${path}:${pathReason(error)}。请让运行河清的用户可以读写它,或另设 HEQING_DATA。` +
          `It cannot be used: give the user who runs Heqing the right to read and write it, or set another HEQING_DATA.`,
        { cause: error },
      );
    }
  };
  tried(folder, () => makeFolder(folder));
  tried(folder, () => accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK));
  for (const name of readdirSync(folder).filter((one) => one.startsWith('heqing.'))) {
    const file = join(folder, name);
    tried(file, () => accessSync(file, constants.R_OK | constants.W_OK));
  }
}
