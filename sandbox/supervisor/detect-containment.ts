import type { PreparedRuntime } from '../runtime/prepare.ts'
import { type GuestFindings, probeGuest } from './guest-probe.ts'
import { innerLayers } from './inner-layers.ts'
import { type Containment, processLayers } from './layers/containment.ts'
import { type Finding, type Host, type LayerId, layerIds, unavailable } from './layers/layer.ts'
import { guestFiles } from './spawn-guest.ts'

export interface LayerReport extends Finding {
  id: LayerId
  protects: string
}

export interface DetectedContainment {
  containment: Containment
  /** Every layer, from the program outwards. */
  layers: LayerReport[]
}

export interface DetectOptions {
  runtime: PreparedRuntime
  isHardened: boolean
  cgroupRoot: string | null
}

/** Those a guest may do without when it does not start with all of them; the first is left out first. */
const droppable: readonly LayerId[] = [
  'seccomp',
  'landlock',
  'bubblewrap',
  'cgroup',
  'namespaces',
  'own-uid',
  'no-new-privs',
]

const detected = new Map<string, Promise<DetectedContainment>>()

/** Tries every layer on this machine, then a real guest inside all that work. Once per process and settings. */
export function detectContainment(options: DetectOptions): Promise<DetectedContainment> {
  const { runtime, isHardened, cgroupRoot } = options
  const key = JSON.stringify([runtime, isHardened, cgroupRoot])
  let answer = detected.get(key)
  if (answer === undefined) {
    answer = detect(options)
    detected.set(key, answer)
    answer.catch(() => detected.delete(key))
  }
  return answer
}

async function detect(options: DetectOptions): Promise<DetectedContainment> {
  const { runtime, isHardened, cgroupRoot } = options
  const host: Host = {
    cacheDir: runtime.cacheDir,
    readable: guestFiles(runtime),
    isHardened,
    cgroupRoot,
  }
  const findings = await tryProcessLayers(host)
  const found = new Set<LayerId>(['prelude', 'isolate', 'process'])
  for (const [id, { state }] of findings) if (state === 'active') found.add(id)
  const guest = await tryGuest(options, found, findings)
  const reports = [
    ...innerLayers.map(({ id, protects, judge }) => ({ id, protects, ...judge(guest) })),
    ...processLayers.map(({ id, protects }) => ({
      id,
      protects,
      ...(findings.get(id) ?? unavailable('it was not tried')),
    })),
  ].sort((a, b) => layerIds.indexOf(a.id) - layerIds.indexOf(b.id))
  const containment = new Set(reports.filter(({ state }) => state === 'active').map(({ id }) => id))
  return { containment, layers: reports }
}

/** Who the guest will be decides what it may do, and what bubblewrap has made, namespaces need not: those come first. */
async function tryProcessLayers(host: Host): Promise<Map<LayerId, Finding>> {
  const findings = new Map<LayerId, Finding>()
  const found = new Set<LayerId>()
  const tryAll = (ids: LayerId[]) =>
    Promise.all(
      processLayers
        .filter(({ id }) => ids.includes(id))
        .map(async (layer) => {
          const finding = await layer
            .detect(host, found)
            .catch((error: unknown) => unavailable(String((error as Error).message)))
          findings.set(layer.id, finding)
          if (finding.state === 'active') found.add(layer.id)
        }),
    )
  await tryAll(['permissions', 'jitless', 'rlimits', 'no-new-privs', 'own-uid', 'cgroup'])
  await tryAll(['bubblewrap', 'namespaces'])
  await tryAll(['landlock'])
  await tryAll(['seccomp'])
  return findings
}

/** Starts a guest inside all layers found; where they do not work together, fewer, and says which were in the way. */
async function tryGuest(
  { runtime }: DetectOptions,
  found: Set<LayerId>,
  findings: Map<LayerId, Finding>,
): Promise<GuestFindings> {
  const candidates = droppable.filter((id) => found.has(id))
  for (;;) {
    try {
      return await probeGuest(runtime, found)
    } catch (error) {
      const id = candidates.shift()
      if (id === undefined) {
        throw new Error(`no guest starts on this machine: ${(error as Error).message}`)
      }
      found.delete(id)
      findings.set(id, unavailable(`no guest starts inside it: ${(error as Error).message}`))
    }
  }
}
