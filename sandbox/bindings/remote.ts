import type { Env } from '../isolate/env.ts'

/** Live remote objects after which the first sweep looks for dead owners. */
const firstSweepAt = 256

/**
 * Host objects owned by objects of this isolate, by opaque id. An isolate gets no finalization callbacks, so dead owners
 * are found by sweeping weak references whenever the number of live ones has doubled.
 */
export interface Remotes {
  track(owner: object, id: number): number
  release(id: number): void
}

/** @param releaseOp door operation that takes an array of ids to free */
export function createRemotes(env: Env, releaseOp: string): Remotes {
  const owners = new Map<number, WeakRef<object>>()
  let sweepAt = firstSweepAt
  const sweep = () => {
    const dead: number[] = []
    for (const [id, owner] of owners) if (owner.deref() === undefined) dead.push(id)
    for (const id of dead) owners.delete(id)
    if (dead.length > 0) env.door(releaseOp, dead)
    sweepAt = Math.max(firstSweepAt, owners.size * 2)
  }
  return {
    track(owner, id) {
      owners.set(id, new WeakRef(owner))
      if (owners.size >= sweepAt) sweep()
      return id
    },
    release(id) {
      if (owners.delete(id)) env.door(releaseOp, [id])
    },
  }
}
