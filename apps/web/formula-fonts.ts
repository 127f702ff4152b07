import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import subsetFont from 'subset-font'
import type { Plugin } from 'vite'

/**
 * The fonts of formulas, lighter than KaTeX ships them. Two of them are in nearly every formula (42 KB, a third of what a problem may cost), for a few of
 * their signs; each is parted by `unicode-range`, so that a browser fetches the parts whose signs it meets: digits and signs 5 KB, italic letters 9 KB.
 * The whole font stays for all the rest. Every browser of the last ten years reads woff2: the copies in older formats (40 files) are left out.
 */
export function lightenFormulaFonts(): Plugin {
  return {
    name: 'lighten-formula-fonts',
    enforce: 'pre',
    async transform(code, id) {
      if (!/katex[^/]*\.css/.test(id)) return null
      let light = code.replace(/,\s*url\([^)]*\)\s*format\(["'](?:woff|truetype)["']\)/g, '')
      for (const [name, parts] of Object.entries(partsOf)) light = await parted(light, dirname(id), { name, parts })
      return { code: light, map: null }
    },
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** U+200B stands in every pile of fractions; no font has it, but the range that names it is the one asked. */
const signs = '0123456789 ()+,-./:;<=>[]|\u00a0\u200b\u2061·×−∣⋅'
const more = '!"#%&\'*?@~°±÷…′→∂∇∗∘∞∥≈≠≤≥∈'
const greek = 'αβγδεζηθικλμνξπρςστυφχψωϑϕϖϱϵ'
const partsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'KaTeX_Main-Regular': { signs, more, letters },
  'KaTeX_Math-Italic': { letters, greek },
}
const folder = fileURLToPath(new URL('../../node_modules/.cache/formula-fonts/', import.meta.url))

/** Throws when KaTeX's styles no longer have the face: then this file is to be looked at. */
async function parted(
  css: string,
  from: string,
  { name, parts }: { readonly name: string; readonly parts: Readonly<Record<string, string>> },
): Promise<string> {
  const face = css.match(/@font-face\s*\{[^}]*\}/g)?.find((each) => each.includes(`${name}.woff2`))
  if (!face) throw new Error(`KaTeX's styles have no face for ${name}.woff2`)
  const source = readFileSync(join(from, 'fonts', `${name}.woff2`))
  const faces = await Promise.all(
    Object.entries(parts).map(async ([part, text]) => {
      const digest = createHash('sha256').update(source).update(text).digest('hex').slice(0, 8)
      const file = join(folder, digest, `${name}-${part}.woff2`)
      if (!existsSync(file)) keep(file, await subsetFont(source, text, { targetFormat: 'woff2' }))
      return faceWith(face, codesOf(text), `url(${relative(from, file)})`)
    }),
  )
  return css.replace(face, [...faces, faceWith(face, outside(codesOf(Object.values(parts).join(''))))].join(''))
}

/** Whole or not at all: another build may be reading. */
function keep(file: string, font: Buffer): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, font)
  renameSync(`${file}.${process.pid}`, file)
}

const codesOf = (text: string): readonly number[] => [...new Set([...text].map((sign) => sign.codePointAt(0) ?? 0))].sort((a, b) => a - b)
const hex = (code: number) => code.toString(16).toUpperCase()

function faceWith(face: string, codes: readonly number[] | string, url?: string): string {
  const range = typeof codes === 'string' ? codes : codes.map((code) => `U+${hex(code)}`).join(',')
  const sourced = url === undefined ? face : face.replace(/url\([^)]*\)/, url)
  return sourced.replace(/;?\s*\}$/, `;unicode-range:${range}}`)
}

/** All of Unicode but these, as ranges. */
function outside(codes: readonly number[]): string {
  const starts = [0, ...codes.map((code) => code + 1)]
  const ends = [...codes.map((code) => code - 1), 0x10ffff]
  return starts.flatMap((start, at) => (start > (ends[at] ?? 0) ? [] : [`U+${hex(start)}-${hex(ends[at] ?? 0)}`])).join(',')
}
