/**
 * Circles among files, each as a path that ends where it begins. Every knot is told by at least one
 * circle; not every way around a large one is listed.
 */
export const findCycles = (edges: readonly { from: string; to: string }[]): string[][] => {
  const targets = new Map<string, string[]>()
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to])
  const cycles: string[][] = []
  const isDone = new Set<string>()

  const visit = (file: string, path: string[]) => {
    const start = path.indexOf(file)
    if (start !== -1) {
      cycles.push([...path.slice(start), file])
      return
    }
    if (isDone.has(file)) return
    for (const next of targets.get(file) ?? []) visit(next, [...path, file])
    isDone.add(file)
  }
  for (const file of targets.keys()) visit(file, [])
  return cycles
}
