import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Every browser of the last ten years reads woff2: the other two copies of each KaTeX font (40 files) are left out of the build. */
export function dropOldFontFormats(): Plugin {
  return {
    name: 'drop-old-font-formats',
    enforce: 'pre',
    transform(code, id) {
      if (!/katex[^/]*\.css/.test(id)) return null
      return { code: code.replace(/,\s*url\([^)]*\)\s*format\(["'](?:woff|truetype)["']\)/g, ''), map: null }
    },
  }
}

/** Groups of texts that no pupil needs on a first visit. Only pages made by `lazyPageWithTexts` may use them; `src/lib/texts.test.ts` looks. */
export const laterTexts: readonly string[] = ['teach', 'admin', 'problem', 'import', 'contestForm', 'timesRule', 'billing', 'billingAdmin', 'mails', 'sandbox']

/** en.json stays one file for those who write it, and is two for those who load it: `?part=first` and `?part=later`. */
export function partTexts(): Plugin {
  return {
    name: 'part-texts',
    enforce: 'pre',
    load(id) {
      const [, file, part] = /^(.*\.json)\?part=(first|later)$/.exec(id) ?? []
      if (file === undefined) return null
      this.addWatchFile(file)
      const texts = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
      const chosen = Object.fromEntries(texts.filter(([group]) => laterTexts.includes(group) === (part === 'later')))
      return { code: `export default ${JSON.stringify(chosen)}`, moduleType: 'js' }
    },
  }
}
