import { candidate, requirement } from 'assay'
import { expect, test } from 'vitest'

type Predictions = Record<string, { lines: string[] } | undefined>

let loaded: Promise<Predictions> | undefined

/** All predictions, from one program for the whole file. */
function loadPredictions(): Promise<Predictions> {
  loaded ??= candidate.evaluate(
    async ({ load }) => (await load('predictions.js')).predictions as Predictions,
  )
  return loaded
}

/** The program itself is the key: it runs for real, beside the prediction. */
async function comparePrediction(name: string) {
  const { [name]: predicted } = await loadPredictions()
  const { stdout, code } = await candidate.run(`programs/${name}`)
  expect(code).toBe(0)
  expect(predicted?.lines).toEqual(stdout.trimEnd().split('\n'))
}

requirement('R1', () => {
  test('the prediction for ticks and promises is what the program prints', () =>
    comparePrediction('01-ticks-and-promises.cjs'))
})

requirement('R2', () => {
  test('the prediction for timers is what the program prints', () =>
    comparePrediction('02-timers.cjs'))
})

requirement('R3', () => {
  test('the prediction for async functions is what the program prints', () =>
    comparePrediction('03-async-functions.cjs'))
})

requirement('R4', () => {
  test('the prediction for input and immediates is what the program prints', () =>
    comparePrediction('04-input-and-immediates.cjs'))
})

requirement('R5', () => {
  test('the prediction for a module entry is what the program prints', () =>
    comparePrediction('05-module-entry.mjs'))
})
