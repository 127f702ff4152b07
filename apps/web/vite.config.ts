import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { adoptEditorStyles, buildServiceWorker, nameEarlyFiles, partTexts } from './build-plugins.ts'
import { lightenFormulaFonts } from './formula-fonts.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The code is written against React's API; these lines alone make it Preact (react-dom by itself is 59 KB of brotli, and pupils pay for bytes).
 * Specific names come first.
 */
const preactForReact = [
  { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
  { find: /^react-dom$/, replacement: 'preact/compat' },
  { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
  { find: /^react\/jsx-dev-runtime$/, replacement: 'preact/jsx-dev-runtime' },
  { find: /^react$/, replacement: 'preact/compat' },
  // the router's stand-in for older versions of React: the only CommonJS of a first visit
  { find: /^use-sync-external-store[/]shim([/]index[.]js)?$/, replacement: 'preact/compat' },
]

/** Likewise the texts are asked for by react-i18next's hook, and come from a tenth of its bytes. */
const ourTexts = { find: /^react-i18next$/, replacement: here('./src/lib/use-translation.ts') }

const sharedParts =
  /[/]src[/](?:ui[/](?:phase-badge|premium-badge|subject|tabs|field|price|countdown|html|confirm-dialog|state-badge)[.]tsx|lib[/](?:wanted|use-now|countdown|submission-state|safe-styles)[.]ts|features[/]contest[/]subscription-needed[.]tsx)$/

/** What the entry imports, however far, as one file: half a dozen that always come together would cost as many heads, and compress worse. */
function firstVisit() {
  let reached: Set<string> | undefined
  type Graph = { getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null }
  const reach = (graph: Graph, id: string, seen: Set<string>): Set<string> => {
    if (seen.has(id)) return seen
    seen.add(id)
    for (const each of graph.getModuleInfo(id)?.importedIds ?? []) reach(graph, each, seen)
    return seen
  }
  return (id: string, graph: Graph) => {
    reached ??= reach(graph, here('./src/main.tsx'), new Set())
    return reached.has(id) ? 'first' : null
  }
}

export default defineConfig({
  root: here('.'),
  base: '/',
  resolve: { alias: [...preactForReact, ourTexts] },
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2020',
    manifest: true,
    // theme.js has asked for what is needed first; where the browser knows no such links the rest comes when it is wanted
    modulePreload: { polyfill: false },
    sourcemap: false,
    // Formula fonts as data: URLs would be paid for by every page with one formula.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      // "use client" in TanStack Query is for server rendering; dropping it is right here and not worth ten screens of warnings.
      onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)),
      // What nearly every page after the first screen shares, as one file: a dozen of half a kilobyte each cost as much again in heads, and a place in the line.
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: firstVisit() }, { name: 'parts', test: sharedParts }] } },
    },
  },
  plugins: [lightenFormulaFonts(), adoptEditorStyles(), partTexts(), nameEarlyFiles(), buildServiceWorker()],
  // `vite dev`: the arena answers /api on its usual port.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
})
