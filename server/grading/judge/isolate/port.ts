/** What the judge's isolate has beyond a guest's: a line to the world's host. Set by `sandbox/isolate` for the judge only. */
export interface JudgePort {
  emit(message: { kind: string; bytes?: Uint8Array; [key: string]: unknown }): void
  on(kind: string, handler: (message: Record<string, unknown>) => void): void
}

export const port = (globalThis as unknown as { __assayPort: JudgePort }).__assayPort

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

const waiting = new Map<number, Waiting>()
let nextId = 1

port.on('control-result', ({ id, value, error }) => {
  const call = waiting.get(id as number)
  waiting.delete(id as number)
  if (error === undefined) call?.resolve(value)
  else call?.reject(controlError(error as { name: string; message: string }))
})

/** Asks the host of the world to do something; resolves with its plain answer. */
export function control(op: string, args: Record<string, unknown> = {}): Promise<unknown> {
  const id = nextId++
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    port.emit({ kind: 'control', id, op, args })
  })
}

function controlError({ name, message }: { name: string; message: string }): Error {
  const error = new Error(message)
  error.name = name
  return error
}
