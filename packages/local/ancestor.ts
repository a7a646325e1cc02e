// `npm start` is a chain npm → sh → node. When npm is killed hard, node would live on, hold the port and refuse the next start.

import { readFileSync } from 'node:fs';

/** Calls back once when npm, or the shell that it started us with, is gone. Does nothing when started without npm. */
export function whenNpmIsGone(gone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  const timer = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return;
    clearInterval(timer);
    gone();
  }, 500);
  timer.unref();
}

/** The parent's id on Linux; elsewhere undefined, and only the nearest ancestor is watched. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
