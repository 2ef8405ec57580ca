import type { Env } from '../../isolate/env.ts'
import { shownPath } from './operation.ts'

/** A path argument: text, or its bytes. */
export function pathArgument(path: unknown): string {
  const text = shownPath(path)
  if (text === undefined) throw new TypeError('argument must be a path')
  return text
}

/** Names as the caller's encoding wants them: strings, or Buffers for `buffer`. */
export function encodeName(env: Env, name: string, encoding: unknown): unknown {
  if (encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8')
    return name
  const { Buffer } = env.requireBuiltin('buffer') as { Buffer: typeof globalThis.Buffer }
  const bytes = Buffer.from(name)
  return encoding === 'buffer' ? bytes : bytes.toString(encoding as BufferEncoding)
}

export function encodeText(env: Env, text: string, encoding: unknown): Uint8Array {
  const { Buffer } = env.requireBuiltin('buffer') as { Buffer: typeof globalThis.Buffer }
  return Buffer.from(text, (encoding ?? 'utf8') as BufferEncoding)
}
