process.on('exit', () => console.log('exit'))

setImmediate(() => console.log('immediate'))
process.nextTick(() => console.log('tick'))
Promise.resolve().then(() => console.log('promise'))
console.log('body')

await null

console.log('after await')
process.nextTick(() => console.log('late tick'))
queueMicrotask(() => console.log('late microtask'))
