// One running tenant a data folder. The lock names its process, so that what a kill -9 left behind is recognized and taken over.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './ports.ts';

export interface Holder {
  pid: number;
  /** Tells a process from a later one with the same number; empty where the system doesn't say. */
  since: string;
}

/** Takes the folder; returns how to give it back. @throws StartError that names the process which has it. */
export function takeLock(folder: string): () => void {
  const path = join(folder, 'lock');
  const own = join(folder, `lock.${process.pid}`);
  writeFileSync(own, JSON.stringify({ pid: process.pid, since: processSince(process.pid) } satisfies Holder));
  try {
    for (let tries = 0; tries < 10; tries++) {
      if (links(own, path)) return () => rmSync(path, { force: true });
      const holder = readHolder(path);
      if (holder && isRunning(holder)) {
        throw new StartError(
          `A tenant already runs on ${folder} (process ${holder.pid}); stop it, or set ROSTER_DATA to another folder`,
        );
      }
      putAside(path, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
  throw new StartError(`Cannot take the lock ${path}; is another start under way?`);
}

/** The process that has the folder; undefined when none that still runs does. */
export function holderOf(folder: string): Holder | undefined {
  const holder = readHolder(join(folder, 'lock'));
  return holder && isRunning(holder) ? holder : undefined;
}

/** Whether the process still runs: neither gone, nor a zombie, nor another one with its number. */
export function isRunning({ pid, since }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not permitted to signal it means that it is there.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = processSince(pid);
  return now !== 'zombie' && (since === '' || now === '' || now === since);
}

/** When the process began, in the kernel's ticks (Linux: field 22 of /proc/<pid>/stat). */
export function processSince(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; the state is the first field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function links(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** Moves a dead holder's lock away. Should another start have taken over in between, its lock goes back. */
function putAside(path: string, dead: Holder | undefined): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved && moved.pid !== dead?.pid && isRunning(moved)) links(aside, path);
  rmSync(aside, { force: true });
}
