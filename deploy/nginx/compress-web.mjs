// node compress-web.mjs DIST OUT: the built web as nginx serves it. OUT/plain, OUT/br and OUT/gzip hold the same names; what is text is compressed in the
// last two, as well as it can be, since it is done once. Plain JavaScript without packages, because it runs while an image is built.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const [dist = '', out = ''] = process.argv.slice(2)
// the same as `$is_compressed` in maps.conf
const isText = /\.(html|js|css|svg|json|map|txt|webmanifest)$/
const trees = {
  plain: (content) => content,
  br: (content) => brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  gzip: (content) => gzipSync(content, { level: 9 }),
}

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue
  const path = join(entry.parentPath, entry.name)
  const content = readFileSync(path)
  for (const [tree, encode] of Object.entries(trees)) {
    const place = join(out, tree, relative(dist, path))
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, isText.test(entry.name) ? encode(content) : content)
  }
}
