/** Which layer a response's end is owed to, when it is not an index. */
export const endedBy = {
  /** No layer: Express itself answered. */
  none: -1,
  /** Outside any layer's synchronous part: the innermost one still open, if any. */
  openLayer: -2,
} as const

/** The keys of the catalog's bundles whose layers can be traced. */
export const layeredPackages = ['express', 'express4']

/** Where the bundle of such a package gives the module of its router's layers, which it does not export. */
export const layerEntry = (name: string) => `${name}#layer`
