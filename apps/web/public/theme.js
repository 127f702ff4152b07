// Runs before the first paint, so that a chosen theme or look does not flash. A file of its own: the content policy forbids inline scripts.
var chosen = null
var look = null
try {
  chosen = localStorage.getItem('arena.theme')
  look = localStorage.getItem('arena.look')
} catch (refused) {
  // Storage is forbidden in this browser: the system's preference holds.
  void refused
}
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
if (look) document.documentElement.dataset.look = look // src/lib/look.ts

// The files of the build that may be needed early, by name (build-plugins.ts).
var known = document.currentScript.dataset
var page = location.pathname.split('/')
var isContest = page[1] === 'contests' && page.length > 2

// The session of who comes to a contest, and the contest itself, are asked for while the program still comes (src/lib/early.ts takes them). The session may be
// renewed by one tab at a time, so only where the browser has locks; elsewhere the program asks by itself.
function askForSession() {
  return fetch('/api/refresh', { method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) =>
    answer.ok ? answer.json() : undefined,
  )
}
function fetchAhead(file) {
  var link = document.createElement('link')
  var isStyle = /\.css$/.test(file)
  link.rel = isStyle ? 'preload' : 'modulepreload'
  if (isStyle) link.as = 'style'
  link.crossOrigin = '' // as the build asks for it, or it would come twice
  link.href = file
  document.head.append(link)
}
function askForContest(session) {
  var sentAt = Date.now()
  var path = `/api/contests/${page[2]}`
  var headers = { accept: 'application/json', authorization: `Bearer ${session.accessToken}` }
  return fetch(path, { credentials: 'same-origin', headers })
    .then((answer) => (answer.ok ? answer.text() : ''))
    .then((text) => {
      if (page[3] === 'problems' && known.formula && text.includes('katex')) fetchAhead(known.formula)
      return text && { path, body: JSON.parse(text), sentAt, receivedAt: Date.now() }
    })
}
var hasSession = false
try {
  hasSession = localStorage.getItem('arena.session') === '1'
} catch (refused) {
  void refused
}
var none = () => undefined
var session = isContest && hasSession && navigator.locks?.request('arena.refresh', askForSession).catch(none)
if (session) window.arenaEarly = { session, contest: session.then((found) => found && askForContest(found)).catch(none) }

// Has the texts of the language on their way before the program that will ask for them, by the rules of src/lib/languages.ts, and the files of the page that
// the address names (build-plugins.ts). A wrong guess costs a file.
var asked = []
try {
  asked.push(localStorage.getItem('arena.language') || '')
} catch (refused) {
  void refused
}
var wanted = asked
  .concat(navigator.languages || [])
  .map((tag) => tag.toLowerCase().split('-')[0])
  .concat('en')
  .find((language) => typeof known[language] === 'string')
var early = [known[wanted]]
if (page[1] === '') early.push(known.home)
var textsOf = (part) => wanted && known[`${part}${wanted[0].toUpperCase()}${wanted.slice(1)}`]
if (isContest) early.push(known.contest, textsOf('room'))
if (isContest && page[3] === 'problems') early.push(known.problem)
if (isContest && page[3] === 'leaderboard') early.push(known.board, textsOf('board'))
early.filter(Boolean).join(' ').split(' ').filter(Boolean).forEach(fetchAhead)
