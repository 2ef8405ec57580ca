import type { ExitStatus } from '../../../../kit/types.ts'
import { port } from './port.ts'

interface Output {
  stdout: string
  stderr: string
}

/** Output and exit of each program the suite started, told by the world as it happens. */
export function createPrograms() {
  const outputs = new Map<number, Output>()
  const exits = new Map<number, PromiseWithResolvers<ExitStatus>>()

  const outputOf = (program: number): Output => {
    const known = outputs.get(program) ?? { stdout: '', stderr: '' }
    outputs.set(program, known)
    return known
  }
  const exitOf = (program: number) => {
    const known = exits.get(program) ?? Promise.withResolvers<ExitStatus>()
    exits.set(program, known)
    return known
  }

  port.on('print', ({ program, stream, text }) => {
    outputOf(program as number)[stream as keyof Output] += text as string
  })
  port.on('program-exit', ({ program, code, signal }) => {
    exitOf(program as number).resolve({
      code: code as number | null,
      signal: signal as string | null,
    })
  })

  return { outputOf, exitOf: (program: number) => exitOf(program).promise }
}
