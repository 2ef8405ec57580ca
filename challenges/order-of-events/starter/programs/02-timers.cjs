const late = setTimeout(() => console.log('late'), 100)

setTimeout(() => console.log('background'), 60_000).unref()

setTimeout(() => {
  console.log('first')
  Promise.resolve().then(() => console.log('promise'))
  process.nextTick(() => console.log('tick'))
}, 1)

setTimeout(() => {
  console.log('second')
  clearTimeout(late)
}, 0)

let beats = 0
const heartbeat = setInterval(() => {
  beats += 1
  console.log(`beat ${beats}`)
  if (beats === 2) clearInterval(heartbeat)
}, 20)

process.on('exit', () => {
  console.log('exit')
  process.nextTick(() => console.log('tick after exit'))
})
