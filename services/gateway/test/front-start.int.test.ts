import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '#testkit/eventually'

const script = new URL('../../../deploy/nginx/start.sh', import.meta.url).pathname
const program = (folder: string, name: string, lines: string) => writeFile(join(folder, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 })

describe('what looks after the addresses of the services', () => {
  let folder: string
  let front: ChildProcess
  const address = (text: string) => writeFile(join(folder, 'address'), text)
  const told = async () => (await readFile(join(folder, 'told'), 'utf8').catch(() => '')).split('\n').filter(Boolean)

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'arena-front-'))
    await address('10.0.0.1')
    await program(folder, 'getent', `echo "$(cat ${folder}/address) STREAM $2"`)
    // one that is not there yet refuses to be told anything
    await program(
      folder,
      'nginx',
      `[ "$1" = -s ] || exec sleep 1000; [ -e ${folder}/is-there ] || { echo >>${folder}/refused; exit 1; }; grep -o '10[0-9.]*:' ${folder}/upstreams.conf | sort -u >>${folder}/told`,
    )
    const env = { PATH: `${folder}:/usr/bin:/bin`, FRONT_RUN: folder, FRONT_LOOKUP_SECONDS: '0.05' }
    front = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'sh', script], { env, stdio: 'ignore', detached: true })
  })
  after(async () => {
    const ended = once(front, 'exit')
    process.kill(-(front.pid as number), 'SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  })

  it('goes on when nginx could not be told, and tells it when it can', async () => {
    const content = () => readFile(join(folder, 'upstreams.conf'), 'utf8')
    await eventually(async () => assert.match(await content(), /10\.0\.0\.1:8080/), 30_000)
    await address('10.0.0.2')
    await eventually(() => access(join(folder, 'refused')), 30_000)
    await writeFile(join(folder, 'is-there'), '')
    await eventually(async () => assert.deepEqual(await told(), ['10.0.0.2:']), 30_000)
    await address('10.0.0.3')
    await eventually(async () => assert.deepEqual(await told(), ['10.0.0.2:', '10.0.0.3:']), 30_000)
  })
})
