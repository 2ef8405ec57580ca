import { runInSandbox } from '../test/run-both.ts'

/** Something a program can name and must not have here. */
export interface Refusal {
  id: string
  names: string[]
  /** Uses it as a program would; it must throw. */
  probe: string
  /** `code` of the error. */
  code: string
  why: string
}

const unavailable = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM'
const denied = 'ERR_ACCESS_DENIED'

/**
 * What the sandbox refuses on purpose, each with a program that is refused. `checkRefusals` runs them, so that this list
 * can neither hide a hole nor outlive what it describes.
 */
export const refusals: readonly Refusal[] = [
  {
    id: 'child_process',
    names: ['spawn', 'exec', 'execFile', 'fork'],
    probe: "require('node:child_process').spawn('true')",
    code: denied,
    why: 'a program starts no other',
  },
  {
    id: 'child_process',
    names: ['spawnSync', 'execSync', 'execFileSync'],
    probe: "require('node:child_process').execFileSync('true')",
    code: denied,
    why: 'a program starts no other',
  },
  {
    id: 'dgram',
    names: ['createSocket', 'Socket'],
    probe: "require('node:dgram').createSocket('udp4')",
    code: unavailable,
    why: 'the virtual network carries TCP only',
  },
  {
    id: 'fs',
    names: ['watch', 'watchFile'],
    probe: "require('node:fs').watch('.')",
    code: unavailable,
    why: 'nobody but the program changes its files',
  },
  {
    id: 'vm',
    names: ['createContext', 'runInContext', 'runInNewContext'],
    probe: "require('node:vm').createContext({})",
    code: unavailable,
    why: 'an isolate of a program holds one context',
  },
  {
    id: 'v8',
    names: ['getHeapSnapshot', 'writeHeapSnapshot', 'queryObjects'],
    probe: "require('node:v8').getHeapSnapshot()",
    code: unavailable,
    why: 'a snapshot would show what is ours',
  },
  {
    id: 'process',
    names: ['dlopen'],
    probe: "process.dlopen({ exports: {} }, '/x.node')",
    code: unavailable,
    why: 'native code would leave the isolate',
  },
]

export interface RefusalOutcome {
  refusal: Refusal
  /** The code that the probe failed with; `nothing` when it did not fail. */
  got: string
}

/** Runs every probe in the sandbox. */
export async function checkRefusals(): Promise<RefusalOutcome[]> {
  const text = refusals
    .map(
      ({ probe }) =>
        `try { ${probe}; codes.push('nothing') } catch (error) { codes.push(String(error.code ?? error)) }`,
    )
    .join('\n')
  const { stdout } = await runInSandbox({
    'probe.cjs': `const codes = []\n${text}\nprocess.stdout.write(JSON.stringify(codes)); process.exit(0)`,
  })
  const codes = JSON.parse(stdout) as string[]
  return refusals.map((refusal, i) => ({ refusal, got: codes[i] ?? 'nothing' }))
}
