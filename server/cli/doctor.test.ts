import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LayerReport } from '../../sandbox/supervisor/detect-containment.ts'
import { layerIds, posixLayers } from '../../sandbox/supervisor/layers/layer.ts'
import { explainMissing, missingLayers } from '../grading/required-layers.ts'
import { formatLayers, run } from './doctor.ts'

const report = (id: LayerReport['id'], state: LayerReport['state']): LayerReport => ({
  id,
  state,
  protects: `what ${id} is for`,
  detail: `seen of ${id}`,
})

describe('assay doctor', () => {
  let stdout = ''
  beforeEach(() => {
    stdout = ''
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += text
      return true
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  })

  test('tries this machine and tells of every layer', { timeout: 60_000 }, async () => {
    vi.stubEnv('ASSAY_LAYERS', posixLayers.join())
    expect(await run(['--json'])).toBe(0)
    const { layers, missing, facts } = JSON.parse(stdout)
    expect(layers.map(({ id }: LayerReport) => id)).toEqual([...layerIds])
    expect(missing).toEqual([])
    for (const id of posixLayers) {
      expect(layers.find((each: LayerReport) => each.id === id).state).toBe('active')
    }
    expect(facts.find(({ name }: { name: string }) => name === 'Node').value).toContain(
      process.version,
    )
  })

  test('ends with 1 when a required layer is not active', { timeout: 60_000 }, async () => {
    vi.stubEnv('ASSAY_LAYERS', 'isolate,jitless')
    expect(await run([])).toBe(1)
    expect(stdout).toMatch(/^isolate \* +active/m)
    expect(stdout).toMatch(/^jitless \* +off/m)
    expect(stdout).toContain('jitless is off: set ASSAY_HARDENED=1')
  })
})

test('a required layer has a star, and below each stands what was seen', () => {
  const lines = formatLayers(
    [report('isolate', 'active'), report('cgroup', 'unavailable')],
    ['cgroup'],
  ).split('\n')
  expect(lines[1]).toMatch(/^isolate +active +what isolate is for$/)
  expect(lines[2]).toMatch(/^ +-> seen of isolate$/)
  expect(lines[3]).toMatch(/^cgroup \* +unavailable +what cgroup is for$/)
})

test('what is missing is what is required and not active', () => {
  const reports = [
    report('isolate', 'active'),
    report('cgroup', 'unavailable'),
    report('jitless', 'off'),
  ]
  const missing = missingLayers(reports, ['isolate', 'cgroup'])
  expect(missing.map(({ id }) => id)).toEqual(['cgroup'])
  expect(explainMissing(missing)).toContain('cgroup is unavailable: seen of cgroup')
})
