async function loadUser() {
  console.log('load user')
  return 'ada'
}

async function greet() {
  console.log('greet')
  const user = await loadUser()
  console.log(`hello ${user}`)
}

const plain = async () => 'value'
const wrapped = async () => Promise.resolve('value')

console.log('begin')
greet().then(() => console.log('greeted'))
wrapped().then(() => console.log('wrapped'))
plain()
  .then(() => console.log('plain 1'))
  .then(() => console.log('plain 2'))
  .then(() => console.log('plain 3'))
Promise.reject(new Error('refused'))
  .then(() => console.log('never'))
  .catch(() => console.log('caught'))
  .finally(() => console.log('finally'))
console.log('finish')
