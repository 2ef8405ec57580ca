import { join } from 'node:path'
import { execute } from './test/execute.ts'

/** The list of attacks as a program: its own process, with the flags of one that hosts isolates. */
const ending = await execute(
  [
    '--no-node-snapshot',
    '--no-flush-bytecode',
    'server/grading/test/attacks/main.ts',
    ...process.argv.slice(2),
  ],
  { cwd: join(import.meta.dirname, '..'), timeoutMs: 60 * 60_000 },
)
process.exitCode = ending.code ?? 1
