import { parse as lexCommonJs } from 'cjs-module-lexer'
import { rehearsalPort as port } from '../isolate/rehearsal.ts'
import type { NodeFacts } from '../runtime/facts.ts'
import type { HostSocket } from '../world/host-socket.ts'
import { machineMember } from '../world/machine-member.ts'
import type { Member } from '../world/member.ts'
import { World } from '../world/world.ts'
import { prepareModule, prepareScript } from './door/source/prepare.ts'
import type { Machine } from './machine.ts'

const rounds = 12
const memberId = 'rehearsal'
const host = 'rehearsal.test'
const limits = { steps: 100_000, virtualHorizonMs: 1 }

const body = '{"name":"a","tags":["x","y"]}'
const post = (text: string) =>
  `POST /items HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
const get = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept-Encoding: gzip, deflate\r\nConnection: close\r\n\r\n`
/** One of every usual kind: a hit, a refusal by the program, a miss, a body, a body that does not parse. */
const requests = [get('/items/1?a=b'), get('/items/0'), get('/missing'), post(body), post('{"')]

/** Text of the usual kind; it is read and never run. */
const program = `
import express, { Router } from 'express'
import { readFile } from 'node:fs/promises'

const app = express()
const limits = { perPage: 20, ...(process.env.LIMITS ? JSON.parse(process.env.LIMITS) : {}) }
class Store {
  #items = new Map()
  async find(id) {
    const item = this.#items.get(Number(id)) ?? null
    if (item === null) throw Object.assign(new Error(\`no item \${id}\`), { status: 404 })
    return item
  }
}
const store = new Store()
app.get('/items/:id', async (req, res, next) => {
  try {
    for (const [key, value] of Object.entries(req.query)) if (!/^[a-z]+$/.test(key)) delete req.query[key]
    res.json(await store.find(req.params.id))
  } catch (error) {
    next(error)
  }
})
app.use((error, _req, res, _next) => res.status(error.status || 500).json({ error: error.message }))
app.listen(process.env.PORT ?? 3000, () => console.log('listening'))
export default app
`

/**
 * Has a warm machine serve a few requests to an app of ours in a world of its own, so that V8 has compiled and seen run what
 * every program needs of Node's http and of Express. The machine has `warmBuiltins` loaded and no program yet.
 * @throws when it ends otherwise than it should: the guest then is no good
 */
export async function rehearse(machine: Machine, facts: NodeFacts): Promise<void> {
  rehearseReading(facts)
  const world = new World({ mode: 'virtual', seed: 1, limits })
  let isClosed = false
  world.onOutput((_id, { kind }) => {
    if (kind === 'rehearsed') isClosed = true
  })
  world.addMember(rehearsingMember(machine))
  world.input(memberId, { kind: 'start' })
  await runUntil(world, () => world.isListening(memberId, port))
  for (let round = 0; round < rounds; round++) {
    for (const request of requests) await exchange(world, request)
  }
  world.input(memberId, { kind: 'close' })
  await runUntil(world, () => isClosed)
  machine.endRehearsal()
}

/** The parsers that read every program run on this side. */
function rehearseReading(facts: NodeFacts): void {
  for (let round = 0; round < rounds; round++) {
    prepareModule(program, '', facts, true)
    prepareScript(program.replaceAll(/^(?:import|export) .*$/gm, ''), facts)
    lexCommonJs("'use strict'\nmodule.exports = require('./a')\nexports.b = 1\n")
  }
}

/** Takes two inputs of its own: what they do is said in the step that they belong to. */
function rehearsingMember(machine: Machine): Member {
  const member = machineMember(machine, memberId, [host])
  return {
    ...member,
    step(request) {
      const inputs = request.inputs.filter(({ kind }) => {
        if (kind === 'start') machine.startRehearsal()
        else if (kind === 'close') machine.closeRehearsal()
        else return true
        return false
      })
      return member.step({ ...request, inputs })
    },
  }
}

async function exchange(world: World, request: string): Promise<void> {
  const socket: HostSocket = world.connectHost(host, port)
  let answer = ''
  let isClosed = false
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1')
  })
  socket.on('close', () => {
    isClosed = true
  })
  socket.end(request)
  await runUntil(world, () => isClosed)
  if (!answer.startsWith('HTTP/1.1 ')) {
    throw new Error(`the rehearsal was answered '${answer.slice(0, 100)}'`)
  }
}

async function runUntil(world: World, until: () => boolean): Promise<void> {
  const end = await world.run({ until })
  if (end.kind !== 'until') throw new Error(`the rehearsal ended as ${JSON.stringify(end)}`)
}
