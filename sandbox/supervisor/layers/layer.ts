/** Every layer by its name in `ASSAY_LAYERS`, from the program outwards. */
export const layerIds = [
  'prelude',
  'isolate',
  'process',
  'permissions',
  'jitless',
  'rlimits',
  'no-new-privs',
  'own-uid',
  'namespaces',
  'landlock',
  'bubblewrap',
  'seccomp',
  'cgroup',
] as const
export type LayerId = (typeof layerIds)[number]

/** Layers that every POSIX host with the pinned Node offers. */
export const posixLayers: readonly LayerId[] = [
  'prelude',
  'isolate',
  'process',
  'permissions',
  'rlimits',
]

export interface Finding {
  /** `off`: it could be had, and the settings or a better layer keep it off. */
  state: 'active' | 'unavailable' | 'off'
  /** What was seen; for one that is not active, why, and what to do about it. */
  detail: string
}

/** A process to be started, before or after layers were put around it. */
export interface Command {
  file: string
  args: string[]
  uid?: number
  gid?: number
  /** Files the process finds open for reading, from descriptor 4 on. */
  openFiles: string[]
}

/** What one guest needs of its layers. */
export interface GuestNeeds {
  /** Files and folders it reads, each an absolute path. */
  readable: string[]
  cpuSeconds: number
  /** Where built files lie that guests may read. */
  cacheDir: string
}

/** What layers find out about the machine they are on, by trying. */
export interface Host {
  /** Where built files go that guests may read. */
  cacheDir: string
  /** What every guest reads. */
  readable: string[]
  isHardened: boolean
  /** Folder of the cgroup tree that was given to us; null: look for one. */
  cgroupRoot: string | null
}

/** One thing that keeps a guest in, whatever the others do. */
export interface Layer {
  id: LayerId
  /** What it protects from, as one sentence. */
  protects: string
  /**
   * Tries it: starts a process inside it and looks whether the forbidden thing is refused.
   * @param found layers that are active; those further in were tried before
   */
  detect(host: Host, found: ReadonlySet<LayerId>): Promise<Finding>
  /** Puts itself around a command; `active` names all layers in use. */
  wrap?(command: Command, needs: GuestNeeds, active: ReadonlySet<LayerId>): Command
}

export const active = (detail: string): Finding => ({ state: 'active', detail })
export const unavailable = (detail: string): Finding => ({ state: 'unavailable', detail })
export const off = (detail: string): Finding => ({ state: 'off', detail })

/** Puts a program and its arguments in front of a command, which that program replaces itself by. */
export function prefix(command: Command, file: string, args: string[]): Command {
  return { ...command, file, args: [...args, command.file, ...command.args] }
}
