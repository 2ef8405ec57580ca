const { readFile } = require('node:fs')

readFile(__filename, () => {
  console.log('file read')

  setTimeout(() => {
    console.log('timeout')
    setImmediate(() => console.log('immediate from timeout'))
    Promise.resolve().then(() => console.log('promise from timeout'))
  }, 0)

  setImmediate(() => {
    console.log('immediate 1')
    Promise.resolve().then(() => console.log('promise from immediate'))
    process.nextTick(() => console.log('tick from immediate'))
  })
  setImmediate(() => console.log('immediate 2'))

  Promise.resolve().then(() => console.log('promise'))
  process.nextTick(() => console.log('tick'))
})

console.log('main')
