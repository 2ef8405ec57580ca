import { fileURLToPath } from 'node:url'
import { guestNodeFlags } from '../../sandbox/supervisor/node-flags.ts'
import { runExecProcess } from './exec-process.ts'

const conformanceMain = fileURLToPath(new URL('../../sandbox/conformance/main.ts', import.meta.url))
export const usage = `usage: assay conformance [--write] [--node-tests DIR [--only TEXT]]
       assay conformance --loop COUNT [--from SEED]

  Compares the sandbox with the pinned Node, module by module, and prints the table.

  --write             write it to docs/conformance.md instead
  --node-tests DIR    a folder that holds Node's own test/: its tests are run as well (takes long)
  --only TEXT         only those whose name contains the text
  --loop COUNT        compare that many generated event-loop programs instead; a difference is shrunk
`

/** @returns 0; 1 when a program prints something else here, or something that must be refused is not */
export const run = (args: string[]): Promise<number> =>
  runExecProcess([...guestNodeFlags, conformanceMain, ...args], {})
