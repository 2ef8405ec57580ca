import { interpreterFlags } from './layers/jitless.ts'

/** Flags every process that hosts an isolate needs: isolated-vm's own, and bytecode that stays compiled. */
export const guestNodeFlags = ['--no-node-snapshot', '--no-flush-bytecode', '--no-warnings']

/** The same for guests of the hardened profile. V8's flags hold for a whole process: its host side runs under them too. */
export const hardenedNodeFlags = [...guestNodeFlags, ...interpreterFlags]
