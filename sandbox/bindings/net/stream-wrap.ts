import type { BindingFactory } from '../../isolate/env.ts'
import { streamClassesOf } from './libuv-stream.ts'
import { streamBaseState } from './stream-base.ts'

export const streamWrap: BindingFactory = (env) => {
  const { LibuvStreamWrap, ShutdownWrap, WriteWrap } = streamClassesOf(env)
  return { LibuvStreamWrap, ShutdownWrap, WriteWrap, streamBaseState: streamBaseState(env) }
}
