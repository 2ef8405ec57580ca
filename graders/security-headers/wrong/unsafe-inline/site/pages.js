const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => entities[sign])

/** JSON that may stand inside a script element. */
const scriptJson = (value) => JSON.stringify(value).replaceAll('<', '\\u003c')

const layout = (title, body) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>${escape(title)} · Harbour Library</title>
  <link rel="stylesheet" href="/site.css">
  <script src="/site.js" defer></script>
</head>
<body>
${body}
</body>
</html>
`

const eventCard = ({ title, date, cover }) => `  <li>
    <img src="https://covers.harbour.example/${encodeURIComponent(cover)}.jpg" alt="">
    <h2>${escape(title)}</h2>
    <time datetime="${escape(date)}">${escape(date)}</time>
  </li>`

export const homePage = (events, nonce) =>
  layout(
    'Events',
    `<h1>Events</h1>
<ul id="events">
${events.map(eventCard).join('\n')}
</ul>
<button id="sort">Sort by date</button>
<script>window.libraryEvents = ${scriptJson(events)}</script>`,
  )

export const accountPage = (member) =>
  layout('Your account', `<h1>Welcome, ${escape(member.name)}</h1>\n<p>Card ${escape(member.card)}</p>`)

export const widgetPage = () =>
  layout('Opening hours', '<h1>Opening hours</h1>\n<p>Tuesday to Saturday, 10 to 18</p>')

export const messagePage = (title) => layout(title, `<h1>${escape(title)}</h1>`)
