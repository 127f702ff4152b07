import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { judgeImages } from '#arena/judge-images'

/** What GitHub would say only after a push, and what a release would forget in silence. */
const checkout = join(import.meta.dirname, '..')
const text = (path: string) => readFileSync(join(checkout, path), 'utf8')
type Step = { uses?: string; run?: string; with?: Record<string, unknown>; env?: Record<string, string>; if?: string; id?: string }
type Job = {
  uses?: string
  needs?: string[]
  permissions?: Record<string, string>
  'timeout-minutes'?: number
  strategy?: { matrix: Record<string, string[]> }
  steps?: Step[]
}
type Workflow = { on: Record<string, unknown>; permissions?: Record<string, string>; jobs: Record<string, Job> }

const names = readdirSync(join(checkout, '.github/workflows'))
const workflows = Object.fromEntries(names.map((name) => [name, parse(text(`.github/workflows/${name}`)) as Workflow]))
const jobs = Object.entries(workflows).flatMap(([file, { jobs }]) => Object.entries(jobs).map(([name, job]) => ({ file, name, job })))
const steps = jobs.flatMap(({ file, name, job }) => (job.steps ?? []).map((step) => ({ at: `${file} ${name}`, step })))
const stages = [...text('Dockerfile').matchAll(/^FROM (\S+) AS (\S+)$/gm)].map(([, from = '', name = '']) => ({ from, name }))
const matrixOf = (job: string, key: string) => workflows['images.yml']?.jobs[job]?.strategy?.matrix[key] ?? []

describe('the workflows', () => {
  it('build every image there is', () => {
    const madeOf = new Set(stages.map(({ from }) => from))
    const copiedFrom = new Set([...text('Dockerfile').matchAll(/--from=(\S+)/g)].map(([, name]) => name))
    // a stage that no other is made of is an image; so are those that one more is made of and which stand alone
    const images = stages.map(({ name }) => name).filter((name) => !madeOf.has(name) && !copiedFrom.has(name))
    assert.deepEqual([...matrixOf('services', 'target')].sort(), images.sort())
    assert.deepEqual(
      [...matrixOf('judge', 'image')].sort(),
      judgeImages().map(({ name }) => name),
    )
  })
  it('what docker-compose.yml runs of ours is among them', () => {
    const { services } = parse(text('docker-compose.yml'), { merge: true }) as { services: Record<string, { image: string; build?: { target: string } }> }
    for (const [name, { image, build }] of Object.entries(services)) {
      if (!image.startsWith('competa-arena/')) continue
      assert.equal(image, `competa-arena/${build?.target}`, name)
      assert.ok(matrixOf('services', 'target').includes(build?.target ?? ''), name)
    }
  })
  it('call scripts that a developer has', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> }
    const called = steps.flatMap(({ step }) => [...(step.run ?? '').matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name = '']) => name))
    assert.ok(called.length > 0)
    for (const name of called) assert.ok(name in scripts, name)
    assert.ok(steps.some(({ step }) => step.run?.includes('bash .ci/run')))
  })
  it('may write only where a release pushes', () => {
    for (const [file, { permissions, on }] of Object.entries(workflows)) {
      if ('workflow_call' in on) assert.equal(permissions, undefined, `${file} has its caller's`)
      else assert.deepEqual(permissions, { contents: 'read' }, file)
    }
    const writing = jobs.filter(({ job }) => Object.values(job.permissions ?? {}).includes('write')).map(({ file, name }) => `${file} ${name}`)
    assert.deepEqual(writing, ['release.yml images'])
    assert.deepEqual(Object.keys(workflows['release.yml']?.on ?? {}), ['push'])
    assert.deepEqual(Object.keys(workflows['release.yml']?.on.push ?? {}), ['tags'])
    for (const { at, step } of steps) if (step.uses?.startsWith('actions/checkout@')) assert.equal(step.with?.['persist-credentials'], false, at)
  })
  it('hold nothing that an outsider writes inside a script, and end some time', () => {
    for (const { at, step } of steps) assert.doesNotMatch(step.run ?? '', /\$\{\{\s*(github\.(event|head_ref|ref_name)|inputs)/, `${at}: take it by env`)
    for (const { file, name, job } of jobs) if (!job.uses) assert.ok((job['timeout-minutes'] ?? 0) > 0, `${file} ${name}`)
  })
  it('name what exists: jobs that are needed, files that are called, steps whose outputs are read, inputs', () => {
    for (const { file, name, job } of jobs) {
      for (const need of job.needs ?? []) assert.ok(need in (workflows[file]?.jobs ?? {}), `${file} ${name} needs ${need}`)
      if (job.uses) assert.ok(names.includes(job.uses.replace('./.github/workflows/', '')), job.uses)
      const read = [...JSON.stringify(job).matchAll(/steps\.(\w+)\.outputs/g)].map(([, id]) => id)
      for (const id of read)
        assert.ok(
          job.steps?.some((step) => step.id === id),
          `${file} ${name} reads ${id}`,
        )
    }
    const { inputs } = (workflows['images.yml'] as Workflow).on.workflow_call as { inputs: Record<string, unknown> }
    for (const [, name = ''] of text('.github/workflows/images.yml').matchAll(/inputs\.(\w+)/g)) assert.ok(name in inputs, name)
  })
})
