/**
 * `docker-compose up` as a person would do it: built from this checkout, started, used through 127.0.0.1, scaled, hurt, taken down and started again. Five
 * to fifteen minutes, most of them the build, so it runs only when asked for: `npm run e2e:compose` (a step of its own in CI).
 *
 * TEST_COMPOSE_NETWORK: the network of the build's steps (`host` where they reach packages only so).
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { openArenaClient } from '#testkit/arena-client'
import { eventually } from '#testkit/eventually'
import { aPlusB, solutions } from './problems.ts'

const isAsked = process.env.TEST_COMPOSE === 'on'
const run = promisify(execFile)
const checkout = join(import.meta.dirname, '..')
const project = `arena-e2e-${process.pid}`
const admin = { email: 'admin@arena.test', password: 'a-password-for-this-test' }

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** The command that this machine has, old or new. */
async function composeCommand(): Promise<readonly [string, ...string[]]> {
  const isPlugin = await run('docker', ['compose', 'version']).then(
    () => true,
    () => false,
  )
  return isPlugin ? ['docker', 'compose'] : ['docker-compose']
}

describe('docker-compose up', { skip: isAsked ? false : 'asked for with TEST_COMPOSE=on: npm run e2e:compose', timeout: 45 * 60_000 }, async () => {
  if (!isAsked) return
  const port = await freePort()
  const [program, ...first] = await composeCommand()
  const env = {
    ...process.env,
    ARENA_PORT: String(port),
    ARENA_ADMIN_EMAIL: admin.email,
    ARENA_ADMIN_PASSWORD: admin.password,
    ARENA_BUILD_NETWORK: process.env.TEST_COMPOSE_NETWORK ?? 'default',
  }
  const compose = async (...words: string[]): Promise<string> => {
    const { stdout } = await run(program, [...first, '-p', project, ...words], { cwd: checkout, env, maxBuffer: 64 * 1024 ** 2 })
    return stdout
  }
  const containersOf = async (service: string) => (await compose('ps', '-q', service)).split('\n').filter(Boolean)
  const inspect = async (id: string) => JSON.parse((await run('docker', ['inspect', id])).stdout)[0]
  const url = `http://127.0.0.1:${port}`
  const isReady = (judges: number, withinMs: number) =>
    eventually(async () => {
      const { status, checks } = (await (await fetch(`${url}/api/ready`)).json()) as { status: string; checks: Record<string, { detail?: string }> }
      assert.deepEqual([status, checks.judge?.detail], ['ok', `${judges} at work`])
    }, withinMs)
  after(async () => {
    await compose('down', '-v', '--timeout', '5').catch((cause: unknown) => process.stderr.write(`${cause}\n`))
  })

  const [teacher, student, guest] = [openArenaClient(() => url), openArenaClient(() => url), openArenaClient(() => url)]
  let problemId = ''
  let contestId = ''
  const judgedOnSocket = async (language: 'cpp' | 'python', source: string) => {
    const socket = await student.socket()
    const id = await student.submit({ contestId, problemId, language, source })
    const { message } = await socket.waitFor((each) => each.type === 'submission.judged' && each.id === id, 180_000)
    socket.close()
    return 'verdict' in message ? message.verdict : undefined
  }

  test('brings it up, with two judges, at 127.0.0.1 alone', async () => {
    await compose('build')
    await compose('up', '-d')
    await isReady(2, 15 * 60_000) // the judge images are built meanwhile
    const ports = JSON.parse((await run('docker', ['inspect', '-f', '{{json .NetworkSettings.Ports}}', ...(await containersOf('front'))])).stdout)
    assert.deepEqual(ports['8080/tcp'], [{ HostIp: '127.0.0.1', HostPort: String(port) }])
  })

  test('the first admin logs in, a student registers, and programs get their verdict on the socket', async () => {
    const { accessToken, user } = await guest.ok('POST /api/login', { body: admin })
    assert.equal(user.role, 'admin')
    teacher.token = accessToken
    problemId = await teacher.createProblem(aPlusB)
    contestId = (await teacher.createContest({ format: 'icpc', problems: [{ problemId }] })).id
    await student.register({ name: 'Keza' })
    await student.join(contestId)
    assert.equal(await judgedOnSocket('cpp', solutions.cpp), 'AC')
    assert.equal(await judgedOnSocket('python', solutions.python), 'AC')
    assert.equal(await judgedOnSocket('python', 'print(1)'), 'WA')
    await eventually(async () => {
      const { rows } = await student.ok('GET /api/leaderboard/:contestId', { params: { contestId } })
      assert.deepEqual(
        rows.map(({ name, score }) => [name, score]),
        [['Keza', 1]],
      )
    }, 30_000)
  })

  test('billing takes bank transfers, and the contest service asks it who may enter', async () => {
    assert.deepEqual(
      (await guest.ok('GET /api/plans')).providers.map(({ name }) => name),
      ['manual'],
    )
    const premium = await teacher.createContest({ premium: true, problems: [{ problemId }] })
    const refused = await student.call('POST /api/contests/:id/register', { params: { id: premium.id } })
    assert.deepEqual([refused.status, refused.body.error.code], [402, 'SUBSCRIPTION_NEEDED'])
  })

  test('only the socket proxy holds the engine, nobody runs with privileges, and no secret stands in an environment', async () => {
    const ids = (await compose('ps', '-q')).split('\n').filter(Boolean)
    for (const id of ids) {
      const { Name, HostConfig, Config, Mounts } = await inspect(id)
      const holdsEngine = Mounts.some(({ Destination }: { Destination: string }) => Destination.includes('docker.sock'))
      assert.equal(holdsEngine, Name.includes('socket-proxy'), Name)
      assert.equal(HostConfig.Privileged, false, Name)
      assert.deepEqual(HostConfig.CapDrop, ['ALL'], Name)
      assert.ok(
        HostConfig.SecurityOpt.some((each: string) => each.startsWith('no-new-privileges')),
        Name,
      )
      for (const variable of Config.Env as string[]) assert.doesNotMatch(variable, /^(?!ARENA_ADMIN_PASSWORD=).*(:\/\/\w*:[0-9a-f]{64}@|[0-9a-f]{64})/, Name)
    }
  })

  test('the judge reaches the queue, the contest service and the socket proxy, and nothing else', async () => {
    const [judge = ''] = await containersOf('evaluation')
    const script = `Promise.all(process.argv.slice(1).map((to) => new Promise((done) => {
      const [host, port] = to.split(':')
      const socket = require('node:net').connect({ host, port: Number(port), timeout: 3000 })
      for (const end of ['error', 'timeout']) socket.once(end, () => { socket.destroy(); done([to, false]) })
      socket.once('connect', () => { socket.destroy(); done([to, true]) })
    }))).then((all) => console.log(JSON.stringify(Object.fromEntries(all))))`
    const places = ['rabbitmq:5672', 'contest:8080', 'socket-proxy:2375', 'postgres:5432', 'redis:6379', 'user:8080', 'front:8080', '1.1.1.1:443']
    const { stdout } = await run('docker', ['exec', judge, 'node', '-e', script, ...places])
    assert.deepEqual(JSON.parse(stdout), Object.fromEntries(places.map((place, at) => [place, at < 3])))
  })

  test('--scale evaluation=3 gives a third judge', async () => {
    await compose('up', '-d', '--no-recreate', '--scale', 'evaluation=3')
    await isReady(3, 120_000)
    await compose('up', '-d', '--no-recreate', '--scale', 'evaluation=2')
    await isReady(2, 120_000)
  })

  test('killed containers cost no verdict', async () => {
    const slow = (mark: string) => `# ${mark}\nimport time\ntime.sleep(0.5)\na, b = map(int, input().split())\nprint(a + b)\n`
    for (const service of ['evaluation', 'rabbitmq', 'submission', 'redis', 'socket-proxy']) {
      const id = await student.submit({ contestId, problemId, language: 'python', source: slow(service) })
      const [victim = ''] = await containersOf(service)
      await run('docker', ['kill', victim])
      await run('docker', ['start', victim]) // what was killed by hand is not restarted by its policy
      // asked for, not waited for on a socket: some of these deaths close sockets, which then come again
      assert.equal(await eventually(async () => (await student.waitForVerdict(id)).verdict, 180_000), 'AC', service)
    }
    await isReady(2, 180_000)
  })

  test("the operator's tools: no dead letters are left, and a backup is made while it runs", async () => {
    assert.doesNotMatch(await compose('run', '--rm', '-T', 'tools', 'dead-letters'), /evaluation|submission/)
    const folder = await mkdtemp(join(tmpdir(), 'arena-backups-'))
    try {
      await chmod(folder, 0o777) // the tools' user is another
      assert.match(await compose('run', '--rm', '-T', '-v', `${folder}:/backups`, 'tools', 'backup', '/backups'), /as of \d{4}-/)
      assert.equal((await readdir(folder)).length, 1)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('down and up again keeps everything', async () => {
    await compose('down', '--timeout', '20')
    await compose('up', '-d')
    await isReady(2, 240_000)
    const { submissions } = await student.ok('GET /api/submissions', { query: { contestId } })
    assert.equal(submissions.length, 8)
    await eventually(async () => {
      const { rows } = await student.ok('GET /api/leaderboard/:contestId', { params: { contestId } })
      assert.deepEqual(
        rows.map(({ name, score }) => [name, score]),
        [['Keza', 1]],
      )
    }, 30_000)
    assert.equal(await judgedOnSocket('cpp', `// again\n${solutions.cpp}`), 'AC')
  })
})
