const firstDelayMs = 500
const longestDelayMs = 15_000

/**
 * Milliseconds to wait before reconnecting: doubles from half a second to 15, each cut by up to half at random
 * so that a restarted server is not met by everybody at once.
 *
 * @param failures how many tries failed in a row, from 1.
 * @param random a number in [0, 1).
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1))
  return Math.round(full * (1 - random / 2))
}
