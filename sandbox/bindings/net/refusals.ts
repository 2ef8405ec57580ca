import { unavailableError } from '../../isolate/compose-binding.ts'
import type { BindingFactory } from '../../isolate/env.ts'

/**
 * Bindings that the sandbox refuses. Their modules load, because much of Node's library requires them, and the first
 * real use fails with an error that names what is missing.
 */

function refusedClass(name: string, what: string): new () => object {
  const Refused = class {
    constructor() {
      throw unavailableError(what)
    }
  }
  Object.defineProperty(Refused, 'name', { value: name })
  return Refused
}

export const udpWrap: BindingFactory = () => ({
  UDP: refusedClass('UDP', 'UDP'),
  SendWrap: refusedClass('SendWrap', 'UDP'),
})

export const ttyWrap: BindingFactory = () => ({
  isTTY: () => false,
  TTY: refusedClass('TTY', 'TTY'),
})

/** What Node itself throws when its permission model forbids child processes. */
function denied(resource: string): Error {
  return Object.assign(
    new Error(
      'Access to this API has been restricted. Use --allow-child-process to manage permissions.',
    ),
    { code: 'ERR_ACCESS_DENIED', permission: 'ChildProcess', resource },
  )
}

export const processWrap: BindingFactory = () => ({
  Process: class Process {
    spawn(options: { file?: unknown }): never {
      throw denied(String(options?.file ?? ''))
    }
    kill(): number {
      return -3
    }
    close(): void {}
    ref(): void {}
    unref(): void {}
    hasRef(): boolean {
      return false
    }
    getAsyncId(): number {
      return 0
    }
  },
})

export const spawnSync: BindingFactory = () => ({
  spawn(options: { file?: unknown }): never {
    throw denied(String(options?.file ?? ''))
  },
})
