import { active, type Layer, off, unavailable } from './layer.ts'
import { probe } from './probe.ts'

/**
 * Everything a program can write is interpreted: no compiler turns its JavaScript or its regular expressions into machine
 * code. `--jitless` itself would take WebAssembly from the isolate, and with it Node's HTTP parser; see ADR 11.
 */
export const interpreterFlags = [
  '--no-sparkplug',
  '--no-maglev',
  '--no-turbofan',
  '--regexp-interpret-all',
  '--liftoff-only',
]

export const jitless: Layer = {
  id: 'jitless',
  protects: "holes in V8's compilers: nothing a program writes becomes machine code",
  async detect({ isHardened }) {
    if (!isHardened) return off('set ASSAY_HARDENED=1 or give --hardened; hot code gets slower')
    const { optimize } = await probe(
      [],
      {},
      ['optimize'],
      [...interpreterFlags, '--allow-natives-syntax'],
    )
    return optimize === 'interpreted'
      ? active('a probe that asked for optimized code stayed in the interpreter')
      : unavailable(`a probe was still compiled: ${optimize}`)
  },
}
