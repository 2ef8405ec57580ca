import type { Env, NodeFunction } from '../../isolate/env.ts'
import { coded, illegalInvocation } from './errors.ts'

/** A class as C++ makes one: methods are enumerable and take no parameters by name, getters sit on each instance. */
export interface NativeClass<State> {
  constructor: NodeFunction & { prototype: object }
  /** A new instance that no program asked for. */
  create(state: State): object
  /** The state of an instance. @throws as a method does that is called on anything else */
  of(instance: unknown): State
}

export interface ClassParts<State> {
  name: string
  /** Makes the state of what a program constructs; absent where only Node does. */
  construct?: (args: unknown[]) => State
  getters?: Record<string, (state: State) => unknown>
  methods: Record<string, (state: State, args: unknown[], instance: object) => unknown>
  /** What else an instance has of its own. */
  own?: PropertyDescriptorMap
}

export function defineClass<State>(env: Env, parts: ClassParts<State>): NativeClass<State> {
  const { SafeWeakMap } = env.primordials as { SafeWeakMap: WeakMapConstructor }
  const states = new SafeWeakMap<object, { state: State }>()
  const { name, construct, getters = {}, methods, own = {} } = parts

  const of = (instance: unknown): State => {
    const found = states.get(instance as object)
    if (found === undefined) throw illegalInvocation()
    return found.state
  }
  const dress = (instance: object, state: State): object => {
    states.set(instance, { state })
    for (const key of Object.keys(getters)) {
      Object.defineProperty(instance, key, { get: getterOf(key), enumerable: true })
    }
    return Object.defineProperties(instance, own)
  }
  const instanceGetters: Record<string, () => unknown> = {}
  const getterOf = (key: string) => {
    instanceGetters[key] ??= Object.defineProperty(
      function (this: unknown) {
        return getters[key]?.(of(this))
      },
      'name',
      { value: '' },
    ) as () => unknown
    return instanceGetters[key]
  }

  const made = {
    [name]: function (this: object, ...args: unknown[]): void {
      if (construct === undefined) {
        throw coded(Error, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor')
      }
      if (new.target === undefined) {
        const message = 'Cannot call constructor without `new`'
        throw coded(TypeError, 'ERR_CONSTRUCT_CALL_REQUIRED', message)
      }
      dress(this, construct(args))
    },
  }[name] as unknown as NativeClass<State>['constructor']

  const { prototype } = made
  for (const [key, run] of Object.entries(methods)) {
    const isSymbol = key.startsWith('@@')
    const method = {
      [key](this: unknown, ...args: unknown[]): unknown {
        return run(of(this), args, this as object)
      },
    }[key] as NodeFunction
    const at = isSymbol ? (Symbol as unknown as Record<string, symbol>)[key.slice(2)] : key
    Object.defineProperty(prototype, at as PropertyKey, {
      value: method,
      writable: true,
      enumerable: !isSymbol,
      configurable: true,
    })
    if (isSymbol) Object.defineProperty(method, 'name', { value: '' })
  }
  // The constructor comes last, as V8's templates have it.
  const last = Object.getOwnPropertyDescriptor(prototype, 'constructor') as PropertyDescriptor
  Reflect.deleteProperty(prototype, 'constructor')
  Object.defineProperty(prototype, 'constructor', last)

  return {
    constructor: made,
    of,
    create: (state) => dress(Object.create(prototype) as object, state),
  }
}
