export async function processAll(items, work) {
  const results = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % 100 === 0) await null
    results.push(work(item))
  }
  return results
}
