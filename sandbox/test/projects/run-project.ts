import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type CatalogName,
  catalogMounts,
  installedName,
  programName,
} from '../../catalog/catalog.ts'
import { prepareRuntime } from '../../runtime/prepare.ts'
import { machineMember } from '../../world/machine-member.ts'
import { World } from '../../world/world.ts'
import { type Outcome, runFileOnNode } from '../run-both.ts'
import { createMachine } from '../worlds.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const { catalogDir } = await prepareRuntime(join(root, '.cache/sandbox'))

/** A folder of files, the one that starts it, and what it needs of the catalog. */
export interface Project {
  folder: string
  main: string
  packages: CatalogName[]
}

/** Runs the project inside with its packages mounted, alone in a world in virtual time. */
export async function runProjectInside({ folder, main, packages }: Project): Promise<Outcome> {
  const machine = await createMachine({ catalogDir })
  const world = new World({
    mode: 'virtual',
    seed: 1,
    limits: { steps: 1_000_000, virtualHorizonMs: 86_400_000 },
  })
  const output = { stdout: '', stderr: '' }
  world.onPrint((_id, stream, bytes) => {
    output[stream] += Buffer.from(bytes).toString()
  })
  world.addMember(machineMember(machine, 'program', ['program.test']))
  world.input('program', {
    kind: 'launch',
    mounts: catalogMounts(catalogDir, packages, '/app/node_modules'),
    program: {
      argv: [`/app/${main}`],
      execArgv: [],
      env: {},
      cwd: '/app',
      files: filesOf(folder),
      cliOptions: {},
      seed: 1,
      packages: packages.map(programName),
    },
  })
  await world.run()
  const state = world.stateOf('program')
  machine.dispose()
  return { ...output, exitCode: state?.kind === 'exited' ? state.exitCode : null }
}

/** Runs a copy of the project on the pinned Node, beside nothing but its packages as npm installed them. */
export async function runProjectOnNode({ folder, main, packages }: Project): Promise<Outcome> {
  const copy = mkdtempSync(join(tmpdir(), 'assay-'))
  try {
    cpSync(folder, copy, { recursive: true })
    for (const name of packages) {
      const link = join(copy, 'node_modules', programName(name))
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(root, 'node_modules', installedName(name)), link)
    }
    return await runFileOnNode(join(copy, main))
  } finally {
    rmSync(copy, { recursive: true })
  }
}

function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.replace(folder, '/app'), readFileSync(path, 'utf8')]),
  )
}
