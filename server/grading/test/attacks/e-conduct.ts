import type { Attack, CaseKit } from './attack.ts'
import { areGone } from './guests.ts'
import { amiss, answering, attack, beforeHonest, failing } from './programs.ts'
import { playRaces, playRedaction } from './server-scenes.ts'

/** Data of its own in every run: an answer that was learned fails. */
const learned = async ({ start, request, random, expect }: CaseKit) => {
  const { url } = await start()
  for (let i = 0; i < 5; i++) {
    const name = random.string()
    const { body } = await request(url).get(`/names/${name}`)
    expect(body).not.toEqual({ says: `hello ${name}` })
  }
  expect((await request(url).get('/names/ada')).body).toEqual({ says: 'hello ada' })
}

/** E11–E20: programs that mean how they are judged, and what comes after. */
export const conductAttacks: Attack[] = [
  attack('E11', 'fingerprint-grader', 'special cases by header, order, port, time', 'CLEAN', {
    'by order': {
      kind: 'case',
      files: {
        'server.js':
          'import http from \'node:http\'\nconst inOrder = [\'{"says":"hello"}\', \'{"says":"hello ada"}\', \'{"to":"ada"}\']\nlet n = 0\nhttp.createServer((req, res) => { res.statusCode = [200, 200, 201, 404][n % 4]; res.setHeader(\'content-type\', \'application/json\'); res.end(inOrder[n++ % 4]) }).listen(process.env.PORT)\n',
      },
      check: async ({ start, request, random, expect }: CaseKit) => {
        const { url } = await start()
        const name = random.string()
        // Asked in another order, and for what it cannot know.
        expect((await request(url).get(`/names/${name}`)).body).not.toEqual({
          says: `hello ${name}`,
        })
        expect((await request(url).get('/elsewhere')).status).not.toBe(404)
      },
    },
    'by what its requests say': {
      kind: 'case',
      files: {
        'server.js':
          "import http from 'node:http'\nhttp.createServer((req, res) => { console.log(JSON.stringify([req.headers, req.rawHeaders, req.socket.remoteAddress, req.socket.remotePort, process.env])); res.end('x') }).listen(process.env.PORT)\n",
      },
      check: async ({ start, askFour, expect }: CaseKit) => {
        const app = await start()
        await askFour(app.url)
        expect(app.stdout()).not.toMatch(/vitest|supertest|superagent|assay|judge|hidden|grader/i)
      },
    },
  }),
  attack('E12', 'hard-coded-answers', 'answers learned from the public examples', 'CLEAN', {
    kind: 'case',
    files: {
      'server.js': answering(
        "(req, res) => { res.setHeader('content-type', 'application/json'); res.end(JSON.stringify({ '/': { says: 'hello' }, '/names/ada': { says: 'hello ada' } }[req.url] ?? {})) }",
      ),
    },
    check: learned,
  }),
  attack('E13', 'cross-test-state', 'state of the first case in the second', 'CLEAN', {
    kind: 'case',
    files: {
      'server.js':
        "import fs from 'node:fs'\nimport http from 'node:http'\nconst seen = [globalThis.left, Array.prototype.left, process.env.LEFT, fs.existsSync('/tmp/left'), fs.existsSync('/app/left'), process.title === 'left', process.left]\nglobalThis.left = Array.prototype.left = process.left = 'left'; process.env.LEFT = 'left'; process.title = 'left'; fs.writeFileSync('/tmp/left', 'x'); fs.writeFileSync('/app/left', 'x'); fs.appendFileSync('/app/server.js', ';leftOver')\nhttp.createServer((_, res) => res.end(JSON.stringify([...seen, fs.readFileSync('/app/server.js', 'utf8').split(';left' + 'Over').length]))).listen(process.env.PORT)\n",
    },
    check: async ({ start, request, expect }: CaseKit) => {
      const first = (
        await request((await start()).url)
          .get('/')
          .buffer(true)
      ).text
      const second = (
        await request((await start()).url)
          .get('/')
          .buffer(true)
      ).text
      expect(second).toBe(first)
      expect(JSON.parse(second).slice(0, 7)).toEqual([null, null, null, false, false, false, null])
    },
  }),
  attack('E14', 'swallow-failures', 'handlers of errors that swallow them all', 'CLEAN', {
    'in handlers': amiss(
      `import domain from 'node:domain'\nimport http from 'node:http'\nprocess.on('uncaughtException', () => {})\nprocess.on('unhandledRejection', () => {})\nprocess.setUncaughtExceptionCaptureCallback?.(() => {})\nconst d = domain.create(); d.on('error', () => {})\nd.run(() => http.createServer(async () => { throw new Error('swallowed') }).listen(process.env.PORT))\n`,
    ),
    'at boot': failing(
      "process.on('uncaughtException', () => {})\nprocess.on('exit', () => { process.exitCode = 0 })\nthrow new Error('swallowed')\n",
    ),
  }),
  attack('E15', 'fake-timers', 'timers and ticks replaced to fake an order', 'CLEAN', {
    kind: 'case',
    isTraced: true,
    files: {
      'server.js':
        "import http from 'node:http'\nglobalThis.setTimeout = (f) => { f() }\nglobalThis.setImmediate = (f) => { f() }\nprocess.nextTick = (f, ...args) => queueMicrotask(() => f(...args))\nhttp.createServer((req, res) => { setTimeout(() => console.log('timer'), 1234); setImmediate(() => console.log('immediate')); res.end('x') }).listen(process.env.PORT)\n",
    },
    check: async ({ start, request, trace, clock, expect }: CaseKit) => {
      const app = await start()
      const before = clock.now()
      await request(app.url)
        .get('/')
        .catch(() => {})
      await clock.advance(5000)
      const phases = await trace.phases()
      // It says that a timer and an immediate have run; the loop has seen neither.
      expect(app.stdout()).toBe('timer\nimmediate\n')
      expect(
        phases.filter(
          ({ name, at }: { name: string; at: number }) =>
            name === 'timers' && at >= before + 1230 && at <= before + 1240,
        ),
      ).toEqual([])
    },
  }),
  attack('E16', 'fake-express', 'an express of its own that short-circuits the task', 'CLEAN', {
    kind: 'case',
    isTraced: true,
    files: {
      'server.js':
        "import express from './fake.js'\nconst app = express()\napp.use((req, res, next) => next())\napp.get('/', (req, res) => res.json({ says: 'hello' }))\napp.listen(process.env.PORT)\n",
      'fake.js':
        "import http from 'node:http'\nexport default () => ({ use() {}, get() {}, listen(port) { http.createServer((_, res) => { res.setHeader('content-type', 'application/json'); res.end('{\"says\":\"hello\"}') }).listen(port) } })\n",
      'node_modules/express/index.js': 'module.exports = () => ({ listen() {} })\n',
    },
    check: async ({ start, request, trace, expect }: CaseKit) => {
      const app = await start()
      expect((await request(app.url).get('/')).body).toEqual({ says: 'hello' })
      // Where a task is about Express, the suite asks for the layers, and there are none.
      const [seen] = await trace.requests()
      expect(seen.layers).toEqual([])
    },
  }),
  attack('E17', 'time-bomb', 'right for some requests, or acts when all is over', 'CLEAN', {
    'wrong after ten requests': {
      kind: 'case',
      files: {
        'server.js':
          "import http from 'node:http'\nlet n = 0\nhttp.createServer((_, res) => { res.setHeader('content-type', 'application/json'); res.end(JSON.stringify({ says: ++n > 10 ? 'boom' : 'hello' })) }).listen(process.env.PORT)\n",
      },
      check: async ({ start, request, expect }: CaseKit) => {
        const { url } = await start()
        const answers = []
        for (let i = 0; i < 12; i++) answers.push((await request(url).get('/')).body.says)
        expect(answers.filter((says) => says === 'boom')).toHaveLength(2)
      },
    },
    'when all is over': {
      kind: 'scene',
      async play(arena) {
        const startedAt = performance.now()
        const limits = { memoryMb: 130, wallClockMs: 20_000 }
        const before = arena.bait.connections()
        const result = await arena.grade(
          {
            'server.js': beforeHonest(
              `import net from 'node:net'\nsetTimeout(() => net.connect(${arena.bait.port}, '127.0.0.1').on('error', () => {}), 3_600_000)\nprocess.on('exit', () => net.connect(${arena.bait.port}).on('error', () => {}))`,
            ),
          },
          { limits },
        )
        const isOver = (await areGone(limits.memoryMb)) && arena.bait.connections() === before
        return {
          outcome: isOver && result.score.earned === 25 ? 'CLEAN' : 'BROKEN',
          detail: '',
          ms: performance.now() - startedAt,
          peakMb: result.usage.peakMb,
        }
      },
    },
  }),
  attack(
    'E18',
    'exfiltrate-inputs',
    'hidden inputs in answers, errors, file names, logs',
    'DENIED',
    {
      kind: 'scene',
      play: playRedaction,
    },
  ),
  attack('E19', 'cross-submission', 'state left for the submission after it', 'CLEAN', {
    kind: 'scene',
    async play(arena) {
      const startedAt = performance.now()
      const limits = { memoryMb: 131, wallClockMs: 20_000 }
      const leave =
        "import fs from 'node:fs'\nconsole.log(JSON.stringify([globalThis.left ?? null, process.env.LEFT ?? null, fs.existsSync('/tmp/left'), fs.existsSync('/app/node_modules/left'), fs.readdirSync('/tmp').length]))\nglobalThis.left = 1; process.env.LEFT = '1'; fs.writeFileSync('/tmp/left', 'x'); try { fs.writeFileSync('/app/node_modules/left', 'x') } catch {}\nObject.prototype.left = 1\n"
      const printed = []
      let peakMb = 0
      for (let i = 0; i < 2; i++) {
        const result = await arena.grade({ 'server.js': leave }, { limits })
        printed.push(
          result.console
            .map(({ text }) => text)
            .join('')
            .split('\n', 1)[0],
        )
        peakMb = Math.max(peakMb, result.usage.peakMb)
        if (!(await areGone(limits.memoryMb))) printed.push('its guest still runs')
      }
      const isFresh =
        printed[0] === printed[1] &&
        printed.length === 2 &&
        /^\[null,null,false,false,/.test(printed[0] ?? '')
      return {
        outcome: isFresh ? 'CLEAN' : 'BROKEN',
        detail: printed.join(' | '),
        ms: performance.now() - startedAt,
        peakMb,
      }
    },
  }),
  attack(
    'E20',
    'race-the-verdict',
    'handed in twice, stopped meanwhile, killed meanwhile',
    'SAME',
    {
      kind: 'scene',
      play: playRaces,
    },
  ),
]
