import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageSource } from '#adapters/sandbox-docker/images'
import { languages, preparedFolder } from '#contracts/languages'

/** The judge images of this checkout: a folder each in `judge-images`, the runner, and what the languages want compiled ahead. */
const checkout = join(import.meta.dirname, '..', '..', '..')
const folder = join(checkout, 'judge-images')

/** Large, and of use to few: built when asked for by name. */
const onlyWhenNamed: readonly string[] = ['go-judge', 'rust-judge', 'pypy-judge']

/** In alphabetical order. */
export const judgeImages = (): readonly ImageSource[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.endsWith('-judge'))
    .map(({ name }) => ({ name, files: [...filesIn(join(folder, name), ''), ...sharedFiles(), ...runnerFiles(), ...headerList(name)] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

export const isBuiltByDefault = ({ name }: ImageSource) => !onlyWhenNamed.includes(name)

const sharedFiles = () => filesIn(join(folder, 'shared'), 'shared/')
const runnerFiles = () => filesIn(join(checkout, 'runner'), 'runner/').filter(({ path }) => /\.[ch]$/.test(path))

const filesIn = (from: string, prefix: string) =>
  readdirSync(from)
    .filter((name) => statSync(join(from, name)).isFile())
    .map((name) => ({ path: `${prefix}${name}`, content: readFileSync(join(from, name)) }))

/** A line for each header: target folder, compiler, header, flags (judge-images/cpp-judge/compile-headers.sh). */
function headerList(image: string) {
  const lines = languages
    .filter((language) => language.image === image)
    .flatMap(({ headersAhead, compile }) =>
      (headersAhead?.headers ?? []).map((header) =>
        [join(preparedFolder, headersAhead?.folder ?? ''), compile?.[0], header, ...(headersAhead?.flags ?? [])].join(' '),
      ),
    )
  return lines.length === 0 ? [] : [{ path: 'headers.txt', content: Buffer.from(`${lines.join('\n')}\n`) }]
}
