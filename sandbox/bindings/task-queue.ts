import type { BindingFactory, NodeFunction } from '../isolate/env.ts'

export const taskQueue: BindingFactory = (env) => {
  let tick: NodeFunction | undefined
  let rejectionHandler: NodeFunction | undefined
  const binding = {
    tickInfo: new Uint8Array(2),
    /** `processTicksAndRejections`, once Node sets it. */
    get tickCallback(): NodeFunction | undefined {
      return tick
    },
    /** Node's promise-rejection handler; the host calls it through `Guest.reject`. */
    get promiseRejectCallback(): NodeFunction | undefined {
      return rejectionHandler
    },
    runMicrotasks: () => env.intrinsics.runMicrotasks(),
    setTickCallback(callback: NodeFunction) {
      tick = callback
    },
    enqueueMicrotask(callback: () => void) {
      const frame = env.contextFrame.get()
      const then = resolved.then
      then.call(resolved, () => {
        env.contextFrame.set(frame)
        try {
          callback()
        } catch (error) {
          env.triggerUncaught(error, false)
        }
        env.contextFrame.set(undefined)
      })
    },
    setPromiseRejectCallback(callback: NodeFunction) {
      rejectionHandler = callback
    },
  }
  const resolved = Promise.resolve()
  const { then } = Promise.prototype
  Object.defineProperty(resolved, 'then', { value: then })
  return binding
}
