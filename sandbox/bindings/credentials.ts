import type { BindingFactory } from '../isolate/env.ts'
import { errnoException } from './errno-exception.ts'
import { environmentOf } from './process-environment.ts'

/** Who the program runs as; no privileges. */
const ownId = 1000
/** Names of users, and of the group each has. */
const ids: Record<string, number> = { root: 0, node: ownId, nobody: 65534 }
const unknownId = 2 ** 32 - 1
const { captureStackTrace } = Error
const { hasOwn } = Object

/** The environment is the program's own as it stands now, and it may become no other user. */
export const credentials: BindingFactory = (env) => {
  /** The kernel's refusal, cut at the binding function `caller`. */
  const refusal = (syscall: string, caller: (...args: never[]) => unknown) => {
    const error = errnoException(env, 'EPERM', syscall)
    captureStackTrace(error, caller)
    return error
  }
  /** @returns what sets one kind of id: 1 for a name that no one has */
  const idSetter = (syscall: string) =>
    function set(wanted: unknown): number {
      const id = idOf(wanted)
      if (id === undefined) return 1
      if (id !== ownId) throw refusal(syscall, set)
      return 0
    }
  const variable = (name: string) => {
    const variables = environmentOf(env)
    return hasOwn(variables, name) ? variables[name] : undefined
  }
  const setters = Object.fromEntries(
    ['setuid', 'seteuid', 'setgid', 'setegid'].map((syscall) => [syscall, idSetter(syscall)]),
  )
  return {
    implementsPosixCredentials: true,
    safeGetenv: variable,
    getTempDir: () => {
      const path = variable('TMPDIR') || variable('TMP') || variable('TEMP') || '/tmp'
      return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
    },
    getuid: () => ownId,
    geteuid: () => ownId,
    getgid: () => ownId,
    getegid: () => ownId,
    getgroups: () => [ownId],
    ...setters,
    setgroups: function setgroups(groups: unknown[]): number {
      const unknown = groups.findIndex((group) => idOf(group) === undefined)
      if (unknown >= 0) return unknown + 1
      throw refusal('setgroups', setgroups)
    },
    initgroups: function initgroups(user: unknown, group: unknown): number {
      if (typeof user === 'number' && idOf(user) === undefined) return 1
      if (idOf(group) === undefined) return 2
      throw refusal('initgroups', initgroups)
    },
  }
}

function idOf(wanted: unknown): number | undefined {
  if (typeof wanted === 'number') return wanted === unknownId ? undefined : wanted
  return typeof wanted === 'string' && hasOwn(ids, wanted) ? ids[wanted] : undefined
}
