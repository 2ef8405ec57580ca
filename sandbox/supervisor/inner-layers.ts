import type { GuestFindings } from './guest-probe.ts'
import { active, type Finding, type LayerId, unavailable } from './layers/layer.ts'

/** A layer that is inside every guest; what a program found in a real one says whether it holds. */
export interface InnerLayer {
  id: LayerId
  protects: string
  judge(findings: GuestFindings): Finding
}

export const innerLayers: readonly InnerLayer[] = [
  {
    id: 'prelude',
    protects:
      'what an isolate cannot bound: WebAssembly, shared and resizable memory are gone before a program starts',
    judge: ({ unguarded }) =>
      unguarded.length === 0
        ? active('a program in a guest found none of them')
        : unavailable(`a program in a guest found ${unguarded.join(', ')}`),
  },
  {
    id: 'isolate',
    protects:
      "everything outside the program's own heap: files, environment, addons and children of the host have no name in it",
    judge: ({ reached }) =>
      reached.length === 0
        ? active('a program in a guest reached no file, variable, addon or child of the host')
        : unavailable(`a program in a guest reached the host's ${reached.join(', ')}`),
  },
  {
    id: 'process',
    protects:
      'other runs and the server: one process per run, killed whatever it says, so nothing stays behind and no crash spreads',
    judge: ({ isProcessGone, startMs }) =>
      isProcessGone
        ? active(`a guest started in ${Math.round(startMs)} ms and was gone after the kill`)
        : unavailable('a guest did not run in a process of its own'),
  },
]
