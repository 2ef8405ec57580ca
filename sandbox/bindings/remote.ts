import type { Env } from '../isolate/env.ts'
import { type RemoteKind, remoteLimits } from '../isolate/remote-limits.ts'

/** Live remote objects after which the first sweep looks for dead owners, unless their limit is close. */
const firstSweepAt = 256

/**
 * Host objects owned by objects of this isolate, by opaque id. An isolate gets no finalization callbacks, so dead owners
 * are found by sweeping weak references as the number of live ones grows.
 */
export interface Remotes {
  track(owner: object, id: number): number
  release(id: number): void
}

/** @param kind names the door operation `<kind>.release`, which takes an array of ids to free */
export function createRemotes(env: Env, kind: RemoteKind): Remotes {
  const limit = remoteLimits[kind]
  const releaseOp = `${kind}.release`
  const owners = new Map<number, WeakRef<object>>()
  const step = Math.min(firstSweepAt, limit >> 3)
  let sweepAt = step
  const sweep = () => {
    const dead: number[] = []
    for (const [id, owner] of owners) if (owner.deref() === undefined) dead.push(id)
    for (const id of dead) owners.delete(id)
    if (dead.length > 0) env.door(releaseOp, dead)
    sweepAt = owners.size + Math.max(step, Math.min(owners.size, limit >> 3))
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
