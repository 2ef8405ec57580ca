// Run executes this file. It is yours: use it to try the two tasks. It is not scored.
import { createLookup } from './tasks/lookup.js'
import { processAll } from './tasks/process-all.js'

const lookup = createLookup((key, callback) => setTimeout(callback, 10, null, key.toUpperCase()))

lookup('ada', (error, value) => {
  console.log('first answer:', error, value)
  lookup('ada', (again, remembered) => console.log('second answer:', again, remembered))
  console.log('lookup returned')
})

let turns = 0
const ticker = setInterval(() => {
  turns += 1
}, 0)
const squares = await processAll(
  Array.from({ length: 1000 }, (_, index) => index),
  (value) => value * value,
)
clearInterval(ticker)
console.log(`${squares.length} items, other work ran ${turns} times meanwhile`)
