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
