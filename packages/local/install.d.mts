// Types of install.mjs, which itself must run before anything that reads types is installed.

export interface InstallOptions {
  /** Runs npm with these arguments; gives its exit code. */
  npm?: (args: string[], root: string) => Promise<number>;
  say?: (line: string) => void;
  /** The version of Node that runs. */
  node?: string;
}

/** Installs when node_modules is missing or stands for another lock file. @throws Error that says what to do */
export function install(root: string, options?: InstallOptions): Promise<'present' | 'installed'>;
