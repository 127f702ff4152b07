import assert from 'node:assert/strict'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { overlays, withWorld } from './check-kubernetes.ts'
import { edges } from './kubernetes/network.ts'
import { type KubeObject, podsOf, render, selects, whyNoKustomize } from './kubernetes/objects.ts'
import { ruleFindings } from './kubernetes/rules.ts'
import { schemaFindings } from './kubernetes/schema.ts'

const root = join(import.meta.dirname, '..')
const skip = whyNoKustomize() ?? false
const once = new Map<string, KubeObject[]>()
/** Rendered once, and a copy for each test, which may spoil it. */
function rendered(overlay: string): KubeObject[] {
  const objects = once.get(overlay) ?? render(join(root, 'deploy', 'kubernetes', 'overlays', overlay))
  once.set(overlay, objects)
  return structuredClone(objects)
}
const rulesOf = (objects: readonly KubeObject[]) => withWorld(async (world) => ruleFindings(objects, world))

/** A tree whose leaves a test may change. */
type Tree = { [key: string]: Tree } & Tree[]
/** The object as it is rendered, for a test to spoil. */
function pick(objects: readonly KubeObject[], kind: string, name: string): Tree {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name)
  assert.ok(found, `${kind} ${name} is rendered`)
  return found as unknown as Tree
}
const podOf = (object: Tree) => object.spec?.template?.spec as Tree
const put = (tree: Tree | undefined, key: string, value: unknown) => Object.assign(tree ?? assert.fail(`nothing to put ${key} into`), { [key]: value })

describe('manifests for Kubernetes', { skip }, () => {
  for (const overlay of overlays) {
    it(`overlay ${basename(overlay)}: every object is what Kubernetes knows, and every reference leads somewhere`, async () => {
      const objects = rendered(basename(overlay))
      assert.ok(objects.length > 40)
      assert.deepEqual(await schemaFindings(objects), [])
      assert.deepEqual(await rulesOf(objects), [])
    })
  }

  it('the judge reaches test data, the engine of its node and the queue, and nobody reaches the judge', () => {
    const objects = rendered('small')
    const found = edges(objects, podsOf(objects))
    const of = (name: string) => found.filter(({ from }) => from === name).map(({ to, port }) => `${to}:${port}`)
    assert.deepEqual(of('evaluation').sort(), ['contest:8080', 'engine:2375', 'rabbitmq:5672'])
    assert.deepEqual(of('engine'), [])
    assert.deepEqual(
      found.filter(({ to }) => to === 'evaluation'),
      [],
    )
    assert.deepEqual(
      found.filter(({ to }) => to === 'engine').map(({ from }) => from),
      ['evaluation'],
    )
  })

  it('a label too many would open the database to the judge, and would be seen', () => {
    const objects = rendered('small')
    put(pick(objects, 'Deployment', 'evaluation').spec?.template?.metadata?.labels, 'arena/needs-database', 'yes')
    assert.ok(edges(objects, podsOf(objects)).some(({ from, to }) => from === 'evaluation' && to === 'postgres'))
  })

  it('a database is reached by the services that own tables, and by the migration', () => {
    const objects = rendered('small')
    const found = edges(objects, podsOf(objects))
    const who = (name: string) =>
      found
        .filter(({ to }) => to === name)
        .map(({ from }) => from)
        .sort()
    assert.deepEqual(who('postgres'), ['billing', 'contest', 'leaderboard', 'migrate', 'notifications', 'submission', 'user'])
    assert.deepEqual(who('redis'), ['billing', 'leaderboard', 'notifications', 'submission', 'user'])
    assert.deepEqual(
      found.filter(({ from }) => ['postgres', 'redis', 'rabbitmq'].includes(from)),
      [],
    )
  })

  it('services are reached by nginx and the gateway; besides, keys of tokens by all, test data by the judge', () => {
    const objects = rendered('nation')
    const found = edges(objects, podsOf(objects)).filter(({ port }) => port === 8080)
    const who = (name: string) =>
      found
        .filter(({ to, from }) => to === name && from !== name)
        .map(({ from }) => from)
        .sort()
    assert.deepEqual(who('submission'), ['front', 'gateway'])
    assert.deepEqual(who('contest'), ['evaluation', 'front', 'gateway'])
    assert.deepEqual(who('billing'), ['contest', 'front', 'gateway'])
    assert.deepEqual(who('leaderboard'), ['front', 'gateway', 'notifications'])
    assert.deepEqual(who('user'), ['billing', 'contest', 'front', 'gateway', 'leaderboard', 'notifications', 'submission'])
    assert.deepEqual(who('front'), [])
  })
})

type Mistake = { readonly title: string; readonly spoil: (objects: KubeObject[]) => void; readonly said: RegExp }

const wrongShapes: readonly Mistake[] = [
  {
    title: 'a field that is misspelt',
    spoil: (objects) => put(pick(objects, 'Deployment', 'user').spec, 'minReadySecond', 5),
    said: /^Deployment arena\/user: .*minReadySecond/,
  },
  {
    title: 'a field that is misspelt, deep in a container',
    spoil: (objects) => put(podOf(pick(objects, 'Deployment', 'contest')).containers?.[0]?.securityContext, 'readOnlyRootFileSystem', true),
    said: /^Deployment arena\/contest: .*readOnlyRootFileSystem/,
  },
  {
    title: 'a wrong type',
    spoil: (objects) => put(pick(objects, 'Deployment', 'evaluation').spec, 'replicas', '3'),
    said: /^Deployment arena\/evaluation: .*replicas must be integer/,
  },
  {
    title: 'a selector that is missing',
    spoil: (objects) => delete pick(objects, 'Deployment', 'gateway').spec?.selector,
    said: /^Deployment arena\/gateway: .*selector/,
  },
  {
    title: 'a quantity that is none',
    spoil: (objects) => put(podOf(pick(objects, 'Deployment', 'submission')).containers?.[0]?.resources?.limits, 'memory', '768MiB'),
    said: /^Deployment arena\/submission: .*quantity/,
  },
  {
    title: 'a kind that does not exist',
    spoil: (objects) => put(pick(objects, 'Ingress', 'arena'), 'kind', 'Ingres'),
    said: /^Ingres arena\/arena: networking.k8s.io\/v1 has no such kind/,
  },
  {
    title: "a field of KEDA's that is misspelt",
    spoil: (objects) => put(pick(objects, 'ScaledObject', 'evaluation').spec, 'maxReplicas', 9),
    said: /^ScaledObject arena\/evaluation: .*maxReplicas/,
  },
]

const wrongMeanings: readonly Mistake[] = [
  {
    title: 'a Service that chooses nobody',
    spoil: (objects) => put(pick(objects, 'Service', 'user').spec?.selector, 'app.kubernetes.io/name', 'users'),
    said: /^Service arena\/user: its selector chooses no pod/,
  },
  {
    title: 'a privileged container outside the engine',
    spoil: (objects) => put(podOf(pick(objects, 'Deployment', 'evaluation')).containers?.[0]?.securityContext, 'privileged', true),
    said: /^Deployment arena\/evaluation: service is privileged/,
  },
  {
    title: "a privileged neighbour in the engine's own pod",
    spoil: (objects) => put(podOf(pick(objects, 'DaemonSet', 'engine')).containers?.[0]?.securityContext, 'privileged', true),
    said: /^DaemonSet arena-judge\/engine: socket-proxy is privileged/,
  },
  {
    title: "the node's socket, mounted",
    spoil: (objects) =>
      podOf(pick(objects, 'Deployment', 'evaluation')).volumes?.push({ name: 'raw', hostPath: { path: '/var/run/docker.sock' } } as unknown as Tree),
    said: /^Deployment arena\/evaluation: mounts \/var\/run\/docker.sock/,
  },
  {
    title: 'a setting that the arena does not know',
    spoil: (objects) => put(pick(objects, 'ConfigMap', 'arena-settings').data, 'ARENA_PORTS', '8080'),
    said: /^Deployment arena\/user: ARENA_PORTS is not a setting/,
  },
  {
    title: 'a setting with a value that the arena refuses',
    spoil: (objects) => put(pick(objects, 'ConfigMap', 'arena-judge-settings').data, 'ARENA_JUDGE_SLOTS', 'many'),
    said: /^Deployment arena\/evaluation: ARENA_JUDGE_SLOTS/,
  },
  {
    title: 'a neighbour at a port where it does not listen',
    spoil: (objects) => put(pick(objects, 'ConfigMap', 'arena-judge-settings').data, 'ARENA_PEER_CONTEST_URL', 'http://contest:80'),
    said: /^Deployment arena\/evaluation: ARENA_PEER_CONTEST_URL leads to http:\/\/contest:80, where no service is/,
  },
  {
    title: 'a secret that no page tells of',
    spoil: (objects) =>
      put(
        podOf(pick(objects, 'Deployment', 'user')).volumes?.find(({ name }) => (name as unknown) === 'secrets')?.projected?.sources?.[0]?.secret,
        'name',
        'arena-dabatase',
      ),
    said: /^Deployment arena\/user: the secret arena-dabatase does not exist/,
  },
  {
    title: 'a file of a setting where nothing is mounted',
    spoil: (objects) => put(podOf(pick(objects, 'Deployment', 'user')).containers?.[0]?.env?.[0], 'value', '/run/secrets/arena/db'),
    said: /^Deployment arena\/user: ARENA_DB_URL_FILE names \/run\/secrets\/arena\/db, which no volume holds/,
  },
  {
    title: 'a ConfigMap that is not there',
    spoil: (objects) => put(pick(objects, 'ConfigMap', 'arena-settings').metadata, 'name', 'arena-setting'),
    said: /the ConfigMap arena-settings does not exist/,
  },
  {
    title: 'an image that nobody builds',
    spoil: (objects) => put(podOf(pick(objects, 'Deployment', 'user')).containers?.[0], 'image', 'competa-arena/users:1'),
    said: /^Deployment arena\/user: the Dockerfile has no target users/,
  },
  {
    title: 'a port that the pod has not',
    spoil: (objects) => put(pick(objects, 'Service', 'contest').spec?.ports?.[0], 'targetPort', 'https'),
    said: /^Service arena\/contest: Deployment arena\/contest has no port https/,
  },
  {
    title: 'a scaler of something else',
    spoil: (objects) => put(pick(objects, 'ScaledObject', 'evaluation').spec?.scaleTargetRef, 'name', 'evaluations'),
    said: /^ScaledObject arena\/evaluation scales evaluations, which does not exist/,
  },
  {
    title: 'policies that let everything through',
    spoil: (objects) => objects.splice(0, objects.length, ...objects.filter(({ kind }) => kind !== 'NetworkPolicy')),
    said: /^Deployment arena\/evaluation: no policy bounds its egress/,
  },
  {
    title: 'a container without a bound on memory',
    spoil: (objects) => delete podOf(pick(objects, 'Deployment', 'leaderboard')).containers?.[0]?.resources?.limits,
    said: /^Deployment arena\/leaderboard: service has no bound on memory/,
  },
  {
    title: 'a namespace that is not restricted',
    spoil: (objects) => put(pick(objects, 'Namespace', 'arena').metadata?.labels, 'pod-security.kubernetes.io/enforce', 'baseline'),
    said: /^Namespace arena enforces baseline/,
  },
]

describe('mistakes that are planted in the manifests are found', { skip }, () => {
  it('by their schema', async () => {
    const objects = rendered('nation')
    for (const { spoil } of wrongShapes) spoil(objects)
    const findings = await schemaFindings(objects)
    for (const { title, said } of wrongShapes)
      assert.ok(
        findings.some((finding) => said.test(finding)),
        `${title}, in:\n${findings.join('\n')}`,
      )
  })

  for (const { title, spoil, said } of wrongMeanings) {
    it(`by a rule: ${title}`, async () => {
      const objects = rendered('nation')
      spoil(objects)
      const findings = await rulesOf(objects)
      assert.ok(
        findings.some((finding) => said.test(finding)),
        findings.join('\n'),
      )
    })
  }
})

describe('a selector', () => {
  it('chooses what has all its labels', () => {
    assert.equal(selects({ matchLabels: { app: 'user' } }, { app: 'user', tier: 'a' }), true)
    assert.equal(selects({ matchLabels: { app: 'user' } }, { app: 'users' }), false)
    assert.equal(selects({ matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] }, { app: 'b' }), true)
    assert.equal(selects({ matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] }, {}), false)
  })

  it('of a kind that is not understood is refused, not taken for everything', () => {
    assert.throws(() => selects({ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }, {}), /NotIn/)
  })
})
