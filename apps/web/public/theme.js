// Runs before the first paint, so that a chosen theme does not flash. A file of its own: the content policy forbids inline scripts.
var chosen = null
try {
  chosen = localStorage.getItem('arena.theme')
} catch (refused) {
  // Storage is forbidden in this browser: the system's preference holds.
  void refused
}
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen

// Has the texts of the language on their way before the program that will ask for them, by the rules of src/lib/languages.ts. A wrong guess costs a file.
var texts = document.currentScript.dataset
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
  .find((language) => typeof texts[language] === 'string')
var link = document.createElement('link')
if (wanted) {
  link.rel = 'modulepreload'
  link.href = texts[wanted]
  document.head.append(link)
}
