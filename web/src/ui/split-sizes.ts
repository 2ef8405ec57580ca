/**
 * Moves the divider after pane `index` by `delta`. Sizes are shares of the whole and keep their sum; neither
 * neighbour goes below its minimum share.
 */
export function moveDivider(
  sizes: readonly number[],
  index: number,
  delta: number,
  minimums: readonly number[],
): number[] {
  const before = sizes[index] ?? 0
  const after = sizes[index + 1] ?? 0
  const lowest = Math.min(minimums[index] ?? 0, before)
  const highest = before + after - Math.min(minimums[index + 1] ?? 0, after)
  const moved = Math.min(highest, Math.max(lowest, before + delta))
  return sizes.map((size, position) => {
    if (position === index) return moved
    return position === index + 1 ? before + after - moved : size
  })
}

/** Whether a value kept by the browser can be used for this many panes. */
export function areSizes(value: unknown, count: number): value is number[] {
  if (!Array.isArray(value) || value.length !== count) return false
  const total = value.reduce<number>(
    (sum, size) => sum + (typeof size === 'number' ? size : Number.NaN),
    0,
  )
  return Math.abs(total - 1) < 0.01 && value.every((size: unknown) => Number(size) > 0.01)
}
