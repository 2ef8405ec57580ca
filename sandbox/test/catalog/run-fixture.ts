import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogMounts, catalogNames, installedName, programName } from '../../catalog/catalog.ts'
import { prepareRuntime } from '../../runtime/prepare.ts'
import { machineMember } from '../../world/machine-member.ts'
import { World } from '../../world/world.ts'
import { type Outcome, runFileOnNode } from '../run-both.ts'
import { createMachine } from '../worlds.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const { catalogDir } = await prepareRuntime(join(root, '.cache/sandbox'))

/** All that can be had together, or with the older version of a package in place of the newer. */
function packagesWith(older: string | undefined): string[] {
  return catalogNames.filter((name) =>
    older === undefined ? programName(name) === name : name !== programName(older),
  )
}

/** Runs the program inside with the catalog mounted, alone in a world in virtual time. */
export async function runInCatalog(
  text: string,
  {
    extension = '.cjs',
    older,
    names = packagesWith(older),
  }: { extension?: string; older?: string | undefined; names?: string[] } = {},
): Promise<Outcome> {
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
  const path = `/app/main${extension}`
  world.input('program', {
    kind: 'launch',
    mounts: catalogMounts(catalogDir, names, '/app/node_modules'),
    program: {
      argv: [path],
      execArgv: [],
      env: {},
      cwd: '/app',
      files: { [path]: text },
      cliOptions: {},
      seed: 1,
      packages: names.map(programName),
    },
  })
  await world.run()
  const state = world.stateOf('program')
  machine.dispose()
  return { ...output, exitCode: state?.kind === 'exited' ? state.exitCode : null }
}

/** Runs the fixture on the pinned Node with the installed packages, and inside. */
export async function runFixture(path: string): Promise<{ native: Outcome; inside: Outcome }> {
  const extension = extname(path)
  const name = basename(path, extension)
  const older = catalogNames.find((each) => each === name && programName(each) !== each)
  const inside = await runInCatalog(readFileSync(path, 'utf8'), { extension, older })
  if (older === undefined) return { native: await runFileOnNode(path), inside }
  const folder = mkdtempSync(join(tmpdir(), 'assay-'))
  try {
    const link = join(folder, 'node_modules', programName(older))
    mkdirSync(dirname(link))
    symlinkSync(join(root, 'node_modules', installedName(older)), link)
    const copy = join(folder, basename(path))
    writeFileSync(copy, readFileSync(path))
    return { native: await runFileOnNode(copy), inside }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
