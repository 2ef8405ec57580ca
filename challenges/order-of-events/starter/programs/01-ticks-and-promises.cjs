console.log('start')

process.nextTick(() => {
  console.log('tick')
  Promise.resolve().then(() => console.log('promise from tick'))
  process.nextTick(() => console.log('tick from tick'))
})

Promise.resolve().then(() => {
  console.log('promise')
  process.nextTick(() => console.log('tick from promise'))
  queueMicrotask(() => console.log('microtask from promise'))
})

new Promise((resolve) => {
  console.log('executor')
  resolve()
}).then(() => console.log('second promise'))

queueMicrotask(() => console.log('microtask'))

console.log('end')
