/** Which layer a response's end is owed to, when it is not an index. */
export const endedBy = {
  /** No layer: Express itself answered. */
  none: -1,
  /** Outside any layer's synchronous part: the innermost one still open, if any. */
  openLayer: -2,
} as const

/** The package of the catalog whose layers can be traced. */
export const layeredPackage = 'express'

/** Where its bundle gives the module of its router's layers, which it does not export. */
export const layerEntry = `${layeredPackage}#layer`
