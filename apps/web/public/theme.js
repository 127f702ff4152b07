// Runs before the first paint, so that a chosen theme does not flash. A file of its own: the content policy forbids inline scripts.
var chosen = null
try {
  chosen = localStorage.getItem('arena.theme')
} catch (refused) {
  // Storage is forbidden in this browser: the system's preference holds.
  void refused
}
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
