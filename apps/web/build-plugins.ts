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

/** Groups of texts that no pupil needs on a first visit of a contest. Only pages made by `lazyPageWithTexts` may use them; `src/lib/texts.test.ts` looks. */
export const laterTexts: readonly string[] = [
  'teach',
  'admin',
  'problem',
  'import',
  'contestForm',
  'timesRule',
  'billing',
  'billingAdmin',
  'mails',
  'sandbox',
  'forgot',
  'reset',
  'unsubscribe',
  'mail',
]

/**
 * index.html tells theme.js where the first texts of each language lie (`data-rw="/assets/…"`), so that they are fetched along with the program and not
 * after it: a round trip less.
 */
export function nameTexts(): Plugin {
  return {
    name: 'name-texts',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const texts = Object.values(bundle ?? {}).flatMap((file) => {
          const [, language] = file.type === 'chunk' ? (/locales[/](\w+)[.]json[?]part=first$/.exec(file.facadeModuleId ?? '') ?? []) : []
          return language ? [`data-${language}="/${file.fileName}"`] : []
        })
        return html.replace('<script src="/theme.js"', ['<script src="/theme.js"', ...texts.sort()].join(' '))
      },
    },
  }
}

/** A language stays one file for those who write it, and is two for those who load it: `?part=first` and `?part=later`. */
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
