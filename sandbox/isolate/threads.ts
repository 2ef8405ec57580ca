import { createPacker } from '../bindings/messaging/message-bytes.ts'
import type { Env } from './env.ts'
import { FsFault } from './tree/fault.ts'

type Service = (...args: never[]) => unknown

/** What a call between threads ended with; errors travel as their plain parts. */
type Answer =
  | { value: unknown }
  | { fault: { code: string; shown: FsFault['shown'] } }
  | { error: { name: string; message: string; stack: string; props: [string, unknown][] } }

const classes: Record<string, ErrorConstructor> = {
  TypeError: TypeError as ErrorConstructor,
  RangeError: RangeError as ErrorConstructor,
}

/** The threads of the program as one of them sees them. */
export interface Threads {
  isMain: boolean
  id: number
  /** Makes a function of this thread callable from its workers, as `binding.name`. */
  provide(name: string, service: Service): void
  /**
   * Calls a service of an ancestor at once.
   * @throws what it threw
   */
  call(thread: number, name: string, ...args: unknown[]): unknown
  /** Answers a call. Never throws. */
  serve(bytes: Uint8Array): Uint8Array
}

/**
 * What belongs to the process and not to a thread (files, working directory, a shared environment) is held by one isolate;
 * the others call it there. No two isolates run at the same time, so a call is answered between two callbacks of its
 * target.
 */
export function createThreads(env: Env): Threads {
  const services = new Map<string, Service>()
  const { thread } = env.options
  const packer = createPacker(env)

  function answer(bytes: Uint8Array): Answer {
    try {
      const [name, args] = packer.unpack(bytes) as [string, never[]]
      // A service is named after the binding that provides it, which may not be loaded yet.
      if (!services.has(name)) env.internalBinding(name.split('.', 1)[0] as string)
      const service = services.get(name)
      if (service === undefined) throw new TypeError(`no service ${name}`)
      return { value: service(...args) }
    } catch (error) {
      if (error instanceof FsFault) return { fault: { code: error.code, shown: error.shown } }
      if (!(error instanceof Error)) throw error
      const { name, message, stack } = error
      const props = Object.entries(error).filter(([, value]) => isPlain(value))
      return {
        error: { name: String(name), message: String(message), stack: String(stack), props },
      }
    }
  }

  return {
    isMain: thread === undefined,
    id: thread?.id ?? 0,
    provide(name, service) {
      services.set(name, service)
    },
    call(target, name, ...args) {
      const bytes = env.door('thread.call', target, packer.pack([name, args]))
      if (!(bytes instanceof Uint8Array)) throw new Error('the thread that holds it is gone')
      const given = packer.unpack(bytes) as Answer
      if ('value' in given) return given.value
      if ('fault' in given) throw new FsFault(given.fault.code, given.fault.shown)
      throw rebuild(given.error)
    },
    serve: (bytes) => packer.pack(answer(bytes)),
  }
}

function rebuild({ name, message, stack, props }: Extract<Answer, { error: unknown }>['error']) {
  const error = new (classes[name] ?? Error)(message)
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true })
  return Object.assign(error, Object.fromEntries(props))
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)
}
