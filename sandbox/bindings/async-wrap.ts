import type { BindingFactory } from '../isolate/env.ts'

/** Async ids and the stack of them, as `src/env.h` AsyncHooks keeps them; ids start at 1 for the main module. */
export const asyncWrap: BindingFactory = (env) => {
  const fields = new Uint32Array(9)
  const ids = new Float64Array(4)
  const stack = new Float64Array(32)
  const resources: unknown[] = []
  const grown: number[] = []
  const kStackLength = 6
  const kExecutionAsyncId = 0
  const kTriggerAsyncId = 1
  ids[2] = 1
  ids[3] = -1
  fields[5] = 1
  return {
    async_hook_fields: fields,
    async_id_fields: ids,
    async_ids_stack: stack,
    execution_async_resources: resources,
    setupHooks() {},
    setCallbackTrampoline() {},
    registerDestroyHook() {},
    queueDestroyAsyncId() {},
    setPromiseHooks() {},
    getPromiseHooks: () => [undefined, undefined, undefined, undefined],
    executionAsyncResource: (index: number) => resources[index],
    clearAsyncIdStack() {
      ids[kExecutionAsyncId] = 0
      ids[kTriggerAsyncId] = 0
      fields[kStackLength] = 0
      grown.length = 0
      resources.length = 0
    },
    // Node calls these two only when the typed-array stack of 16 pairs is full.
    pushAsyncContext(asyncId: number, triggerAsyncId: number) {
      grown.push(ids[kExecutionAsyncId] ?? 0, ids[kTriggerAsyncId] ?? 0)
      fields[kStackLength] = (fields[kStackLength] ?? 0) + 1
      ids[kExecutionAsyncId] = asyncId
      ids[kTriggerAsyncId] = triggerAsyncId
    },
    popAsyncContext(asyncId: number) {
      const depth = fields[kStackLength] ?? 0
      if (depth === 0) return false
      if (asyncId > 0 && ids[kExecutionAsyncId] !== asyncId) {
        throw new Error('async hook stack has become corrupted')
      }
      const offset = depth - 1
      fields[kStackLength] = offset
      if (offset < stack.length / 2 && grown.length === 0) {
        ids[kExecutionAsyncId] = stack[2 * offset] ?? 0
        ids[kTriggerAsyncId] = stack[2 * offset + 1] ?? 0
      } else {
        ids[kTriggerAsyncId] = grown.pop() ?? 0
        ids[kExecutionAsyncId] = grown.pop() ?? 0
      }
      resources.length = Math.min(resources.length, offset)
      return offset > 0
    },
    Providers: env.facts.bindingConstants.async_wrap?.Providers ?? {},
  }
}
