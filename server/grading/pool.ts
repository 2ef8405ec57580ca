import { Cell, type CellOptions } from './cell.ts'
import { EngineFailure } from './engine.ts'

export interface PoolOptions {
  /** Cells kept warm for the default memory limit. */
  size: number
  cell: Omit<CellOptions, 'memoryMb'>
  defaultMemoryMb: number
  log(message: string): void
}

export interface Pool {
  /** A ready cell of this heap size, off the shelf if there is one. The caller owns it and must kill it. */
  take(memoryMb: number): Promise<Cell>
  /** Kills every cell, lent ones too. */
  close(): void
}

/** After this many cells that died while warming, a run fails (and is retried) rather than trying for ever. */
const maxWarmFailures = 3

/** Keeps `size` cells warm; a taken one is replaced at once. */
export function createPool({ size, cell, defaultMemoryMb, log }: PoolOptions): Pool {
  const shelf: Cell[] = []
  let isClosed = false

  /** Every cell that lives, lent ones included. */
  const alive = new Set<Cell>()

  const make = (memoryMb: number) => {
    const made = new Cell({ ...cell, memoryMb })
    alive.add(made)
    made.end.then(() => alive.delete(made))
    return made
  }

  const refill = () => {
    while (!isClosed && shelf.length < size) {
      const next = make(defaultMemoryMb)
      shelf.push(next)
      next.end.then(({ who, code, signal, faultText }) => {
        const at = shelf.indexOf(next)
        if (at < 0) return
        shelf.splice(at, 1)
        next.kill()
        if (!isClosed) log(`a warm ${who} ended (${signal ?? code}): ${faultText}`)
      })
    }
  }

  refill()
  return {
    async take(memoryMb) {
      for (let failures = 0; failures < maxWarmFailures; failures++) {
        if (isClosed) throw new EngineFailure('the engine is closed')
        const found = memoryMb === defaultMemoryMb ? shelf.shift() : undefined
        const taken = found ?? make(memoryMb)
        refill()
        try {
          await taken.ready
          return taken
        } catch (error) {
          log(error instanceof Error ? error.message : String(error))
          taken.kill()
        }
      }
      throw new EngineFailure(`no guest could be warmed in ${maxWarmFailures} tries`)
    },
    close() {
      isClosed = true
      shelf.length = 0
      for (const each of alive) each.kill()
    },
  }
}
