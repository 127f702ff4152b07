import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Plugin, type Rolldown } from 'vite'

/** Groups of texts that come with the pages of contests and practice, and with none before. `src/lib/texts.test.ts` looks. */
export const roomTexts: readonly string[] = ['solve', 'try', 'room', 'why', 'quiz']

/** Groups of texts of pages about oneself, and of the questions on the front page. `src/lib/texts.test.ts` looks. */
export const ownTexts: readonly string[] = ['samples', 'discover', 'history', 'sessions', 'look', 'progress', 'messages', 'mail', 'unsubscribe']

/** Groups of texts that come with boards and the projector. `src/lib/texts.test.ts` looks. */
export const boardTexts: readonly string[] = ['ranking', 'projector']

/** Groups of texts that no pupil needs on a first visit of a contest. Only pages made by `lazyPageWithTexts` may use them; `src/lib/texts.test.ts` looks. */
export const laterTexts: readonly string[] = [
  'teach',
  'admin',
  'problem',
  'import',
  'contestForm',
  'monitor',
  'rejudging',
  'timesRule',
  'billing',
  'billingAdmin',
  'mails',
  'sandbox',
  'forgot',
  'reset',
  'design',
]

/** Pages that a visit often begins with, by the names theme.js has for them. */
const firstPages = {
  home: 'features/home/home-page.tsx',
  contest: 'app/contest-pages.tsx',
  problem: 'features/solve/solve-view.tsx',
  board: 'features/leaderboard/board-view.tsx',
}

/**
 * index.html tells theme.js where the texts of each language lie (`data-rw`, `data-room-rw` for contests, `data-board-rw` for boards), the files of the pages a
 * visit often begins with (`data-contest="/assets/… …"`) and the styles of formulas, so that they are fetched along with the program and not one round trip after
 * the other.
 */
export function nameEarlyFiles(): Plugin {
  return {
    name: 'name-early-files',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const texts = Object.values(bundle).flatMap((file) => {
          const [, language, part] = file.type === 'chunk' ? (/locales[/](\w+)[.]json[?]part=(first|room|board)$/.exec(file.facadeModuleId ?? '') ?? []) : []
          return language ? [`data-${part === 'first' ? '' : `${part}-`}${language}="/${file.fileName}"`] : []
        })
        const entry = filesOf(bundle, isFirstVisit)
        const pages = Object.entries(firstPages).map(([name, path]) => {
          const module = fileURLToPath(new URL(`./src/${path}`, import.meta.url))
          const files = filesOf(bundle, (chunk) => chunk.facadeModuleId === module)
          return `data-${name}="${[...files].filter((file) => !entry.has(file)).join(' ')}"`
        })
        const formula = Object.keys(bundle).flatMap((name) => (/[/]katex-swap[^/]*[.]css$/.test(name) ? [`data-formula="/${name}"`] : []))
        return html.replace('<script src="/theme.js"', ['<script src="/theme.js"', ...texts.sort(), ...pages, ...formula].join(' '))
      },
    },
  }
}

/** The program itself: the file with `main.tsx` in it (vite.config.ts), which index.html asks for. */
const isFirstVisit = ({ moduleIds }: Rolldown.OutputChunk) => moduleIds.some((id) => id.endsWith('/src/main.tsx'))

/** The chunks so chosen, all they import statically, and their styles. */
function filesOf(bundle: Rolldown.OutputBundle, isFirst: (chunk: Rolldown.OutputChunk) => boolean): Set<string> {
  const files = new Set<string>()
  const add = (name: string) => {
    const chunk = bundle[name]
    if (chunk?.type !== 'chunk' || files.has(`/${name}`)) return
    files.add(`/${name}`)
    for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(`/${style}`)
    for (const each of chunk.imports) add(each)
  }
  for (const file of Object.values(bundle)) if (file.type === 'chunk' && isFirst(file)) add(file.fileName)
  return files
}

const partOf = (group: string) =>
  laterTexts.includes(group) ? 'later' : roomTexts.includes(group) ? 'room' : ownTexts.includes(group) ? 'own' : boardTexts.includes(group) ? 'board' : 'first'

/** A language stays one file for those who write it, and is several for those who load it: `?part=first`, `?part=room`, `?part=own` and `?part=later`. */
export function partTexts(): Plugin {
  return {
    name: 'part-texts',
    enforce: 'pre',
    load(id) {
      const [, file, part] = /^(.*\.json)\?part=(first|room|own|board|later)$/.exec(id) ?? []
      if (file === undefined) return null
      this.addWatchFile(file)
      const texts = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
      const chosen = Object.fromEntries(texts.filter(([group]) => partOf(group) === part))
      return { code: `export default ${JSON.stringify(chosen)}`, moduleType: 'js' }
    },
  }
}

/**
 * The editor's styles as adopted sheets where the browser has them, as its library does in shadow trees: a style element would need
 * `unsafe-inline` in the content policy. Fails the build when the library has changed.
 */
export function adoptEditorStyles(): Plugin {
  const asked = '!root.head && root.adoptedStyleSheets'
  return {
    name: 'adopt-editor-styles',
    enforce: 'pre',
    transform(code, id) {
      if (!/style-mod[/]src[/]style-mod[.]js/.test(id)) return null
      if (!code.includes(asked)) throw new Error('style-mod no longer asks for adopted style sheets as it did; see build-plugins.ts')
      return { code: code.replace(asked, 'root.adoptedStyleSheets'), map: null }
    },
  }
}

/**
 * /sw.js out of src/sw, with the files of the first visit named in it: the entry, what it imports, its styles, theme.js. Not a name with a digest, since
 * browsers ask for the worker by its one address.
 */
export function buildServiceWorker(): Plugin {
  return {
    name: 'build-service-worker',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const files = ['/theme.js', '/favicon.svg', ...filesOf(bundle, isFirstVisit)]
      const html = Object.values(bundle).find((file) => file.fileName === 'index.html')
      const version = createHash('sha256')
        .update(JSON.stringify(files))
        .update(html?.type === 'asset' ? html.source : '')
        .digest('hex')
        .slice(0, 12)
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        define: { shellFiles: JSON.stringify(files), shellVersion: JSON.stringify(version) },
        publicDir: false,
        build: {
          write: false,
          target: 'es2020',
          rolldownOptions: { input: fileURLToPath(new URL('./src/sw/service-worker.ts', import.meta.url)), output: { format: 'iife' } },
        },
      })
      const [worker] = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []))
      if (worker?.type !== 'chunk') throw new Error('the service worker was not built')
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: worker.code })
    },
  }
}
