import type { Env } from '../../isolate/env.ts'

type Receiver = (...values: unknown[]) => unknown

/** Numbered one-time openings through which generated modules reach the binding that made them. */
export function createSlots(env: Env) {
  const waiting = new Map<number, Receiver>()
  let next = 1

  /** The one function that generated modules import. It is a global only while the host compiles the module for it. */
  const take = (slot: number, ...values: unknown[]): unknown => {
    const receive = waiting.get(slot)
    waiting.delete(slot)
    return receive?.(...values)
  }
  const name = `take${Math.random()}`
  Object.defineProperty(globalThis, name, { value: take, configurable: true })
  env.door('module.start', name)
  Reflect.deleteProperty(globalThis, name)

  return {
    open(receive: Receiver): number {
      const slot = next++
      waiting.set(slot, receive)
      return slot
    },
    close(slot: number): void {
      waiting.delete(slot)
    },
    /** Runs a door call that fills a slot before it returns, and gives what came through. */
    receive(call: (slot: number) => unknown): unknown[] {
      let values: unknown[] | undefined
      const slot = this.open((...received) => {
        values = received
      })
      const answer = call(slot)
      if (values === undefined) {
        this.close(slot)
        const { message = 'module could not be evaluated' } = (answer ?? {}) as { message?: string }
        throw new Error(message)
      }
      return values
    },
  }
}

export type Slots = ReturnType<typeof createSlots>
