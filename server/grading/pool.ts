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

/** How long after a hand-over the shelf is filled up again. */
const refillDelayMs = 1000

/** Keeps `size` cells warm; a taken one is replaced once the run it was taken for has had a head start. */
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

  // Warming costs as much processor time as a run: right after a hand-over it would slow down the run that asked.
  let waiting: NodeJS.Timeout | undefined
  const refillSoon = () => {
    clearTimeout(waiting)
    waiting = setTimeout(refill, refillDelayMs)
    waiting.unref()
  }

  refill()
  return {
    async take(memoryMb) {
      for (let failures = 0; failures < maxWarmFailures; failures++) {
        if (isClosed) throw new EngineFailure('the engine is closed')
        const found = memoryMb === defaultMemoryMb ? shelf.shift() : undefined
        const taken = found ?? make(memoryMb)
        refillSoon()
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
      clearTimeout(waiting)
      shelf.length = 0
      for (const each of alive) each.kill()
    },
  }
}
