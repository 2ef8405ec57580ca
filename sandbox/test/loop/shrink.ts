/**
 * Makes a list of choices shorter and simpler while a property of what is made of it holds: drops chunks, halves of the
 * list first, then single choices, then sets what is left to 0.
 * @param holds asked for every candidate
 * @param maxRuns how often it may be asked
 * @returns the smallest list found; the given one if nothing smaller holds
 */
export async function shrink(
  choices: readonly number[],
  holds: (candidate: number[]) => Promise<boolean>,
  maxRuns: number,
): Promise<number[]> {
  let best = [...choices]
  let runs = 0
  const accept = async (candidate: number[]): Promise<boolean> => {
    if (runs++ >= maxRuns || !(await holds(candidate))) return false
    best = candidate
    return true
  }
  for (
    let size = Math.ceil(best.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < best.length && runs < maxRuns; ) {
      if (!(await accept([...best.slice(0, at), ...best.slice(at + size)]))) at += size
    }
  }
  for (let at = 0; at < best.length && runs < maxRuns; at++) {
    if (best[at] !== 0) await accept(best.with(at, 0))
  }
  return best
}
