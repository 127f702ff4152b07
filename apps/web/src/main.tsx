import { createRoot } from 'react-dom/client'
import './ui/styles/tokens.css'
import './ui/styles/base.css'
import './ui/styles/parts.css'
import './ui/styles/shell.css'
import './ui/styles/look.css'
import { App } from './app/app.tsx'
import { askEarly } from './app/ask-early.ts'
import { languageNow } from './app/language.ts'
import { outbox, startArena } from './lib/arena.ts'
import { startI18n } from './lib/i18n.ts'
import { startServiceWorker } from './lib/service-worker.ts'

async function start(): Promise<void> {
  const root = document.getElementById('app')
  if (!root) throw new Error('index.html has no #app')
  startArena()
  askEarly(window.location.pathname)
  await startI18n(languageNow)
  createRoot(root).render(<App />)
  startServiceWorker(outbox.nudge)
}

/** The one text outside of the locales: for when they do not come. */
const broken = 'Competa Arena: nta murongo. Ongera ufungure urupapuro. — Pas de connexion. Rechargez la page. — The line broke. Load the page again.'

start().catch((error: unknown) => {
  document.body.textContent = broken
  throw error
})
