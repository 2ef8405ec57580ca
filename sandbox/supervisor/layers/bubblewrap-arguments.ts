export interface BubblewrapOptions {
  /** Files and folders the guest sees, at their own paths; nothing else of the file system exists for it. */
  files: string[]
  /** Those that may be missing. */
  optionalFiles: string[]
  /** Descriptor that a seccomp program is read from. */
  seccompDescriptor: number | null
}

/**
 * What `bwrap` is told, up to the command. No `--new-session`: guests are started in a session of their own, without a
 * terminal, and another one would take them out of the process group that is killed at the end.
 */
export function bubblewrapArguments(options: BubblewrapOptions): string[] {
  const { files, optionalFiles, seccompDescriptor } = options
  return [
    '--unshare-all',
    '--die-with-parent',
    '--cap-drop',
    'ALL',
    '--hostname',
    'guest',
    ...['--proc', '/proc', '--dev', '/dev'],
    // After /proc and /dev, so that nothing below them can be put back by a path of ours.
    ...files.flatMap((path) => ['--ro-bind', path, path]),
    ...optionalFiles.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--chdir', '/'],
    ...(seccompDescriptor === null ? [] : ['--seccomp', `${seccompDescriptor}`]),
    '--',
  ]
}
