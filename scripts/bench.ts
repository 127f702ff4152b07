/** `npm run bench [-- NAME…]`: runs bench/NAME.ts one after the other, all of them without a name. Other folders than bench/load hold helpers. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const known = globSync('bench/{,load/}*.ts', { cwd: root })
  .map((file) => relative('bench', file).slice(0, -'.ts'.length))
  .filter((name) => !name.endsWith('.test'))
  .sort()
const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !known.includes(name))
if (unknown.length > 0 || known.length === 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are: ${known.join(', ')}`)
  process.exitCode = 2
} else {
  for (const name of chosen.length > 0 ? chosen : known) {
    console.log(`== bench/${name}.ts`)
    const { status } = spawnSync(process.execPath, [join(root, 'bench', `${name}.ts`)], { cwd: root, stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
}
