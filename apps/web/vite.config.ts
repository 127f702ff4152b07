import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { dropOldFontFormats, nameTexts, partTexts } from './build-plugins.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The code is written against React's API; these lines alone make it Preact (react-dom by itself is 59 KB of brotli, and pupils pay for bytes).
 * Specific names come first.
 */
const preactForReact = [
  { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
  { find: /^react-dom$/, replacement: 'preact/compat' },
  { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
  { find: /^react$/, replacement: 'preact/compat' },
]

export default defineConfig({
  root: here('.'),
  base: '/',
  resolve: { alias: preactForReact },
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2020',
    manifest: true,
    sourcemap: false,
    // Formula fonts as data: URLs would be paid for by every page with one formula.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      // "use client" in TanStack Query is for server rendering; dropping it is right here and not worth ten screens of warnings.
      onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)),
    },
  },
  plugins: [dropOldFontFormats(), partTexts(), nameTexts()],
  // `vite dev`: the arena answers /api on its usual port.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
})
