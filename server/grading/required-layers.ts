import {
  type DetectOptions,
  detectContainment,
  type LayerReport,
} from '../../sandbox/supervisor/detect-containment.ts'
import type { Containment } from '../../sandbox/supervisor/layers/containment.ts'
import type { LayerId } from '../../sandbox/supervisor/layers/layer.ts'
import { StartupError } from '../infra/startup-error.ts'

/** The reports of layers that are required and not active. */
export const missingLayers = (
  reports: readonly LayerReport[],
  required: readonly LayerId[],
): LayerReport[] => reports.filter(({ id, state }) => required.includes(id) && state !== 'active')

/** Words for the person at the terminal: which are missing, why, and what to do. */
export const explainMissing = (missing: readonly LayerReport[]): string =>
  [
    `ASSAY_LAYERS: expected these layers around every program, but they are not active:`,
    ...missing.map(
      ({ id, state, protects, detail }) =>
        `  ${id} is ${state}: ${detail}\n    It protects from ${protects}.`,
    ),
    'Mend them (`assay doctor` shows all), or take them out of ASSAY_LAYERS if the machine holds nothing worth protecting.',
  ].join('\n')

/**
 * Tries every layer and answers those to start guests with.
 * @throws {StartupError} when a required one is not active
 */
export async function tryLayers({
  required,
  ...options
}: DetectOptions & { required: readonly LayerId[] }): Promise<Containment> {
  const { containment, layers } = await detectContainment(options)
  const missing = missingLayers(layers, required)
  if (missing.length > 0) throw new StartupError(explainMissing(missing))
  return containment
}
