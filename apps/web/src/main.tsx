import { createRoot } from 'react-dom/client'
import './ui/styles/tokens.css'
import './ui/styles/base.css'
import './ui/styles/parts.css'
import './ui/styles/shell.css'
import { App } from './app/app.tsx'
import { languageNow } from './app/language.ts'
import { startArena } from './lib/arena.ts'
import { startI18n } from './lib/i18n.ts'

async function start(): Promise<void> {
  const root = document.getElementById('app')
  if (!root) throw new Error('index.html has no #app')
  await startI18n(languageNow())
  startArena()
  createRoot(root).render(<App />)
}

void start()
