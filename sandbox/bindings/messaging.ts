import type { BindingFactory, NodeObject } from '../isolate/env.ts'
import { createPortClasses } from './messaging/message-port.ts'

/** Message ports, structured clone and the DOMException classes, within this isolate. */
export const messaging: BindingFactory = (env) => {
  const ports = createPortClasses(env)
  return {
    MessageChannel: ports.MessageChannel,
    MessagePort: ports.MessagePort,
    ...ports.binding,
    structuredClone: ports.structuredClone,
    setDeserializerCreateObjectFunction(create: (deserializeInfo: string) => NodeObject) {
      ports.setCreateObject(create)
    },
    // Node's per-context scripts define these after this binding may already be loaded.
    get DOMException() {
      return env.perContext.DOMException
    },
    get QuotaExceededError() {
      return env.perContext.QuotaExceededError
    },
    exposeLazyDOMExceptionProperty(target: object) {
      Object.defineProperty(target, 'DOMException', {
        get: () => env.perContext.DOMException,
        set(value: unknown) {
          const rest = { writable: true, configurable: true }
          Object.defineProperty(target, 'DOMException', { value, ...rest })
        },
        enumerable: false,
        configurable: true,
      })
    },
  }
}
