import { constantsOf } from '../isolate/compose-binding.ts'
import type { BindingFactory } from '../isolate/env.ts'

/** Where in the two arrays each counter lies. */
interface FieldIndexes {
  kStackLength: number
  kExecutionAsyncId: number
  kTriggerAsyncId: number
  kAsyncIdCounter: number
  kDefaultTriggerAsyncId: number
  kCheck: number
}

/** Async ids and the stack of them, as `src/env.h` AsyncHooks keeps them; ids start at 1 for the main module. */
export const asyncWrap: BindingFactory = (env) => {
  const fields = new Uint32Array(9)
  const ids = new Float64Array(4)
  let stack = new Float64Array(32)
  const resources: unknown[] = []
  const { constants } = constantsOf(env.facts, 'async_wrap') as { constants: FieldIndexes }
  const { kStackLength, kExecutionAsyncId, kTriggerAsyncId } = constants
  ids[constants.kAsyncIdCounter] = 1
  ids[constants.kDefaultTriggerAsyncId] = -1
  fields[constants.kCheck] = 1
  return {
    async_hook_fields: fields,
    async_id_fields: ids,
    /** Node reads it anew each time: it is replaced when it is full. */
    get async_ids_stack() {
      return stack
    },
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
      resources.length = 0
    },
    /** Node calls it only when the stack is full. */
    pushAsyncContext(asyncId: number, triggerAsyncId: number) {
      const depth = fields[kStackLength] ?? 0
      const larger = new Float64Array(stack.length * 3)
      larger.set(stack)
      larger[2 * depth] = ids[kExecutionAsyncId] ?? 0
      larger[2 * depth + 1] = ids[kTriggerAsyncId] ?? 0
      stack = larger
      fields[kStackLength] = depth + 1
      ids[kExecutionAsyncId] = asyncId
      ids[kTriggerAsyncId] = triggerAsyncId
    },
    /** Node calls it only when the ids do not match: it is meant to crash. */
    popAsyncContext(asyncId: number) {
      const depth = fields[kStackLength] ?? 0
      if (depth === 0) return false
      if (asyncId > 0 && ids[kExecutionAsyncId] !== asyncId) {
        throw new Error('async hook stack has become corrupted')
      }
      const offset = depth - 1
      fields[kStackLength] = offset
      ids[kExecutionAsyncId] = stack[2 * offset] ?? 0
      ids[kTriggerAsyncId] = stack[2 * offset + 1] ?? 0
      resources.length = Math.min(resources.length, offset)
      return offset > 0
    },
    Providers: env.facts.bindingConstants.async_wrap?.Providers ?? {},
  }
}
