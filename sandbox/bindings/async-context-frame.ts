import type { BindingFactory } from '../isolate/env.ts'

/** V8's continuation-preserved data is out of an isolate's reach; the frame lives in a variable of ours instead. */
export const asyncContextFrame: BindingFactory = (env) => ({
  getContinuationPreservedEmbedderData: () => env.contextFrame.get(),
  setContinuationPreservedEmbedderData: (frame: unknown) => env.contextFrame.set(frame),
})
