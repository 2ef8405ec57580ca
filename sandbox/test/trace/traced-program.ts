import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogMounts } from '../../catalog/catalog.ts'
import type { Mount } from '../../guest/door/mount.ts'
import { type ProgramTrace, parseTrace } from '../../protocol/trace.ts'
import { prepareRuntime } from '../../runtime/prepare.ts'
import { machineMember } from '../../world/machine-member.ts'
import { createMachine, createWorld, launchOf } from '../worlds.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const installed = join(root, 'node_modules')
const { catalogDir } = await prepareRuntime(join(root, '.cache/sandbox'))
const fromCatalog = (name: string) => catalogMounts(catalogDir, [name], '/app/node_modules')

/** What a program at `/app` finds as `express`. */
export const expressMounts = {
  '4': [
    { at: '/app/node_modules/express', root: join(installed, 'express4') },
    { at: '/node_modules', root: installed },
  ],
  '5': [{ at: '/app/node_modules', root: installed }],
  '4 of the catalog': fromCatalog('express@4'),
  '5 of the catalog': fromCatalog('express'),
} satisfies Record<string, Mount[]>

interface TracedOptions {
  mounts?: Mount[]
  isTraced?: boolean
  path?: string
  /** More files of the program, by absolute path. */
  files?: Record<string, string>
}

/** A program alone in its world, traced unless told otherwise, that a client of the world can send raw requests to. */
export async function startTraced(
  text: string,
  { mounts = [], isTraced = true, path = '/app/main.cjs', files = {} }: TracedOptions = {},
) {
  const world = createWorld()
  const machine = await createMachine({ catalogDir })
  world.addMember(machineMember(machine, 'app', ['app.test']))
  let printed = ''
  let answer: unknown
  world.onPrint((_id, _stream, bytes) => {
    printed += Buffer.from(bytes).toString()
  })
  world.onOutput((_id, message) => {
    if (message.kind === 'trace') answer = message.trace
  })
  const launch = launchOf(text, mounts)
  const place = { argv: [path], cwd: dirname(path), files: { [path]: text, ...files } }
  world.input('app', { ...launch, program: { ...launch.program, ...place, isTraced } })
  /** A server's own timers never end, so a run is as long as it is told to be; it ends with the program's trace. */
  const pass = async (ms: number) => {
    answer = undefined
    world.after(ms, () => world.input('app', { kind: 'trace', id: 1 }))
    await world.run({ until: () => answer !== undefined })
  }
  await pass(100)

  return {
    printed: () => printed,
    /** Sends each request on a connection of its own and lets 100 ms pass; answers what came back. */
    async send(...lines: string[]): Promise<string[]> {
      const answers = lines.map(() => '')
      lines.forEach((line, index) => {
        const socket = world.connectHost('app.test', 3000)
        socket.on('data', (chunk: Buffer) => {
          answers[index] += chunk.toString()
        })
        socket.on('error', () => {})
        socket.write(`${line} HTTP/1.1\r\nhost: app.test\r\nconnection: close\r\n\r\n`)
      })
      await pass(100)
      return answers
    },
    pass,
    /** What the program's trace was when time last stood still. */
    answer: () => answer,
    trace(): ProgramTrace {
      const trace = parseTrace(answer)
      if (trace === null) throw new Error(`expected a trace, got ${JSON.stringify(answer)}`)
      return trace
    },
  }
}
