document.getElementById('sort')?.addEventListener('click', sortByDate)

function sortByDate() {
  const list = document.getElementById('events')
  const items = [...list.children]
  items.sort((a, b) => dateOf(a).localeCompare(dateOf(b)))
  list.append(...items)
}

function dateOf(item) {
  return item.querySelector('time').dateTime
}
