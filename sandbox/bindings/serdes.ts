import type { BindingFactory } from '../isolate/env.ts'
import { createReaderClass } from './serdes/reader.ts'
import { createWriterClass } from './serdes/writer.ts'

/** V8's value serializer behind `v8.serialize`: the same bytes, wire format 15. */
export const serdes: BindingFactory = (env) => ({
  Serializer: createWriterClass(env),
  Deserializer: createReaderClass(env),
})
