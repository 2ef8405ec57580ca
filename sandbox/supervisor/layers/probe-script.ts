/** What a probe tries, each a thing that some layer refuses or changes. */
export type Attempt =
  | 'read'
  | 'write'
  | 'connect'
  | 'spawn'
  | 'descriptors'
  | 'reserve'
  | 'uid'
  | 'environ'
  | 'signal'
  | 'privileges'
  | 'readable'
  | 'optimize'
  | 'list'

/** What it tries them on. */
export interface Targets {
  /** A file that only the server's user may read. */
  file: string
  /** A port of 127.0.0.1 that accepts connections. */
  port: number
  /** The server's own process. */
  pid: number
  /** A path anybody may write to. */
  newFile: string
  /** What must stay readable. */
  readable: string[]
}

/**
 * Text of a program for `node -e`: no file of ours must be readable for it. Answers one JSON object on stdout, each attempt's
 * outcome as `done`, an error code or what it read.
 */
export const probeScript = `
const fs = require('node:fs')
const { attempts, targets } = JSON.parse(process.argv[1])
const tries = {
  read: () => void fs.readFileSync(targets.file),
  write() {
    try { fs.writeFileSync(targets.newFile, 'x') } finally { try { fs.unlinkSync(targets.newFile) } catch {} }
  },
  connect: () => new Promise((resolve, reject) => {
    const socket = require('node:net').connect(targets.port, '127.0.0.1', () => { socket.destroy(); resolve() })
    socket.on('error', reject)
  }),
  spawn() {
    const { error } = require('node:child_process').spawnSync(process.execPath, ['-v'])
    if (error) throw error
  },
  descriptors() { for (let i = 0; i < 100; i++) fs.openSync('/dev/null') },
  reserve() {
    const held = []
    for (let i = 0; i < 20; i++) held.push(new ArrayBuffer(2 ** 30))
  },
  uid: () => String(process.getuid()),
  environ: () => void fs.readFileSync('/proc/' + targets.pid + '/environ'),
  signal: () => void process.kill(targets.pid, 0),
  privileges: () => /NoNewPrivs:\\s*\\d/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[0].replace(/\\s/g, ''),
  readable() {
    for (const path of targets.readable) {
      try {
        const isFolder = fs.statSync(path).isDirectory()
        fs.accessSync(path, fs.constants.R_OK | (isFolder ? fs.constants.X_OK : 0))
      } catch (error) {
        return path
      }
    }
  },
  list: () => fs.readdirSync('/').sort().join(),
  optimize() {
    const status = new Function(
      'const f = (a) => a + 1; %PrepareFunctionForOptimization(f); f(1); %OptimizeFunctionOnNextCall(f); f(2);' +
      'return %GetOptimizationStatus(f)')()
    return status & 8 ? 'compiled' : 'interpreted'
  },
}
;(async () => {
  const outcomes = {}
  for (const name of attempts) {
    try {
      outcomes[name] = (await tries[name]()) ?? 'done'
    } catch (error) {
      outcomes[name] = error.code ?? error.message
    }
  }
  process.stdout.write(JSON.stringify(outcomes))
})()
`
