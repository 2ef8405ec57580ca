import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PreparedRuntime } from '../../runtime/prepare.ts'
import type { Containment } from '../../supervisor/layers/containment.ts'
import { killGroup, spawnGuest } from '../../supervisor/spawn-guest.ts'

export type Outcomes = Record<string, string>

/** Things worth stealing, as a server has them: files, a port, an addon of its own. */
export async function plantCanaries() {
  const folder = mkdtempSync(join(tmpdir(), 'assay-hostile-'))
  // Whoever a guest runs as, the folder is no obstacle: each target's own protection is what is tried.
  chmodSync(folder, 0o755)
  const inFolder = (name: string) => join(folder, name)
  writeFileSync(inFolder('private'), 'canary', { mode: 0o600 })
  writeFileSync(inFolder('public'), 'canary', { mode: 0o644 })
  chmodSync(inFolder('public'), 0o644)
  mkdirSync(inFolder('open'))
  chmodSync(inFolder('open'), 0o777)
  const { default: Sqlite } = await import('better-sqlite3')
  const database = new Sqlite(inFolder('secrets.db'))
  database.exec("CREATE TABLE secrets (secret TEXT); INSERT INTO secrets VALUES ('canary')")
  database.close()
  chmodSync(inFolder('secrets.db'), 0o600)
  const server = createServer((socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const targets = {
    privateFile: inFolder('private'),
    publicFile: inFolder('public'),
    openFolder: inFolder('open'),
    database: inFolder('secrets.db'),
    addon: addonPath(),
    port: (server.address() as AddressInfo).port,
    serverPid: process.pid,
  }
  return {
    folder,
    targets,
    remove() {
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Some native addon that lies on every server's disk and is none of a guest's; this process has loaded it just now. */
function addonPath(): string {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] }
  const path = sharedObjects.find((each) => each.includes('better-sqlite3'))
  if (path === undefined) throw new Error('expected better-sqlite3 to be loaded')
  return path
}

export type Canaries = Awaited<ReturnType<typeof plantCanaries>>

/** A program that runs on the host side of a guest, with a guest's flags and layers, in place of our main module. */
function takeOver(
  canaries: Canaries,
  runtime: PreparedRuntime,
  containment: Containment,
  text: string,
  cpuSeconds: number,
) {
  const guestMain = join(canaries.folder, `hostile-${Math.random().toString(36).slice(2)}.cjs`)
  writeFileSync(guestMain, `const targets = ${JSON.stringify(canaries.targets)}\n${text}`)
  chmodSync(guestMain, 0o644)
  return spawnGuest({
    runtime: { ...runtime, guestMain },
    containment,
    memoryMb: 64,
    outputBytes: 1000,
    isRehearsing: false,
    cpuSeconds,
    boot: {
      clockMode: 'virtual',
      epochMs: 0,
      isJudge: false,
      limits: { openSockets: 1, timers: 1 },
      preload: [],
    },
  })
}

/** Tries everything in `fixtures/hostile.cjs` inside these layers. */
export async function tryEverything(
  canaries: Canaries,
  runtime: PreparedRuntime,
  containment: Containment,
): Promise<Outcomes> {
  const text = readFileSync(join(import.meta.dirname, 'fixtures/hostile.cjs'), 'utf8')
  const guest = takeOver(canaries, runtime, containment, text, 60)
  let answer = ''
  let faultText = ''
  guest.channel.on('data', (chunk: Buffer) => {
    answer += chunk
  })
  guest.process.stderr?.on('data', (chunk: Buffer) => {
    faultText += chunk
  })
  await once(guest.process, 'close')
  if (answer === '') throw new Error(`the hostile program did not start: ${faultText}`)
  return JSON.parse(answer) as Outcomes
}

/** Computes without end inside these layers; whether it came to that, and how the kernel ended it. */
export async function spin(canaries: Canaries, runtime: PreparedRuntime, containment: Containment) {
  const text = "require('node:fs').writeSync(3, 'started'); for (;;);"
  const guest = takeOver(canaries, runtime, containment, text, 1)
  let said = ''
  guest.channel.on('data', (chunk: Buffer) => {
    said += chunk
  })
  const [code, signal] = (await once(guest.process, 'close')) as [number | null, string | null]
  killGroup(guest.process)
  return { hasStarted: said === 'started', code, signal }
}
