/**
 * What no schema can know: that a selector chooses somebody, a reference leads somewhere, a pod is confined, a setting is the arena's. Each rule takes
 * all rendered objects and tells what is wrong with them, a line each. Pure.
 */
import type { IContainer } from 'kubernetes-models/v1'
import { policiesOf } from './network.ts'
import { containersOf, type KubeObject, type Labels, nameOf, ofKind, type Pod, podsOf, type Selector, selects, specOf } from './objects.ts'

/** What the rules compare with. */
export type World = {
  /** Targets of the Dockerfile. */
  readonly imageTargets: readonly string[]
  /** Secrets that the documentation tells an operator to make. */
  readonly documentedSecrets: readonly string[]
  /** Undefined when the program takes this environment, else what it says; `service` is the image's name. */
  readonly whyNotStarted: (service: string, environment: Readonly<Record<string, string>>) => string | undefined
}
type Rule = (objects: readonly KubeObject[], world: World) => string[]

/** The one container that makes containers. */
const mayBePrivileged = (pod: Pod, container: IContainer) =>
  pod.namespace === 'arena-judge' && nameOf(pod.owner) === 'DaemonSet arena-judge/engine' && container.name === 'engine'
const ownImage = /^(?:[a-z.]+\/[\w.-]+\/)?competa-arena\/([a-z-]+)(?::[\w.-]+)?$/
const inNamespace = (pods: readonly Pod[], object: KubeObject) => pods.filter((pod) => pod.namespace === object.metadata.namespace)
const has = (objects: readonly KubeObject[], kind: string, name: string, namespace?: string) =>
  ofKind(objects, kind).some(({ metadata }) => metadata.name === name && (namespace === undefined || metadata.namespace === namespace))

const unique: Rule = (objects) => {
  const names = objects.map(nameOf)
  return names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} is there twice`)
}

const selectors: Rule = (objects) => {
  const pods = podsOf(objects)
  return ofKind(objects, 'Deployment', 'StatefulSet', 'DaemonSet', 'Service', 'PodDisruptionBudget', 'NetworkPolicy').flatMap((object) => {
    const spec = specOf<{ selector?: Selector; podSelector?: Selector }>(object)
    const selector = object.kind === 'NetworkPolicy' ? spec.podSelector : object.kind === 'Service' ? { matchLabels: spec.selector as never } : spec.selector
    if (!selector || (object.kind !== 'NetworkPolicy' && Object.keys(selector.matchLabels ?? {}).length === 0)) return [`${nameOf(object)} has no selector`]
    const chosen = inNamespace(pods, object).filter((pod) => selects(selector, pod.labels))
    const own = chosen.filter(({ owner }) => owner === object)
    if (object.kind.endsWith('Set') || object.kind === 'Deployment')
      return own.length === 1 && chosen.length === 1
        ? []
        : [`${nameOf(object)}: its selector chooses ${chosen.length} kinds of pods, its own ${own.length} times`]
    return chosen.length > 0 ? [] : [`${nameOf(object)}: its selector chooses no pod`]
  })
}

const ports: Rule = (objects) => {
  const pods = podsOf(objects)
  const named = (pod: Pod, port: unknown) =>
    containersOf(pod).some((container) => container.ports?.some((each) => each.name === port || each.containerPort === port))
  const services = ofKind(objects, 'Service').flatMap((service) => {
    const spec = specOf<{ selector?: Readonly<Record<string, string>>; ports: readonly { name: string; targetPort: string | number }[] }>(service)
    const behind = inNamespace(pods, service).filter((pod) => selects({ matchLabels: spec.selector ?? {} }, pod.labels))
    return spec.ports.flatMap((port) =>
      behind.filter((pod) => !named(pod, port.targetPort)).map((pod) => `${nameOf(service)}: ${nameOf(pod.owner)} has no port ${port.targetPort}`),
    )
  })
  const probes = pods.flatMap((pod) =>
    containersOf(pod).flatMap((container) =>
      [container.startupProbe, container.livenessProbe, container.readinessProbe]
        .map((probe) => probe?.httpGet?.port ?? probe?.tcpSocket?.port)
        .filter((port) => port !== undefined && !container.ports?.some((each) => each.name === port || each.containerPort === port))
        .map((port) => `${nameOf(pod.owner)}: a probe of ${container.name} asks port ${port}, which it has not`),
    ),
  )
  return [...services, ...probes]
}

const references: Rule = (objects, { documentedSecrets }) => {
  const inPods = podsOf(objects).flatMap((pod) => {
    const volumes = pod.spec.volumes ?? []
    const sources = volumes.flatMap((volume) => volume.projected?.sources ?? [])
    const secrets = [...volumes.map(({ secret }) => secret?.secretName), ...sources.map(({ secret }) => secret?.name)]
    const maps = containersOf(pod).flatMap((container) => (container.envFrom ?? []).map(({ configMapRef }) => configMapRef?.name))
    const claims = volumes.map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName)
    const mounts = containersOf(pod).flatMap((container) => (container.volumeMounts ?? []).map(({ name }) => name))
    const claimed = specOf<{ volumeClaimTemplates?: readonly { metadata: { name: string } }[] }>(pod.owner).volumeClaimTemplates ?? []
    const known = [...volumes.map(({ name }) => name), ...claimed.map(({ metadata }) => metadata.name)]
    const missing = (what: string, names: readonly (string | undefined)[], isThere: (name: string) => boolean) =>
      names
        .filter((name) => name !== undefined)
        .filter((name) => !isThere(name))
        .map((name) => `${nameOf(pod.owner)}: ${what} ${name} does not exist`)
    return [
      ...missing('the secret', secrets, (name) => documentedSecrets.includes(name)),
      ...missing('the ConfigMap', [...maps, ...volumes.map(({ configMap }) => configMap?.name)], (name) => has(objects, 'ConfigMap', name, pod.namespace)),
      ...missing('the claim', claims, (name) => has(objects, 'PersistentVolumeClaim', name, pod.namespace)),
      ...missing('the volume', mounts, (name) => known.includes(name)),
      ...missing('the priority', [pod.spec.priorityClassName], (name) => has(objects, 'PriorityClass', name)),
    ]
  })
  const scalers = ofKind(objects, 'HorizontalPodAutoscaler', 'ScaledObject').flatMap((scaler) => {
    const { name } = specOf<{ scaleTargetRef: { name: string } }>(scaler).scaleTargetRef
    return has(objects, 'Deployment', name, scaler.metadata.namespace) ? [] : [`${nameOf(scaler)} scales ${name}, which does not exist`]
  })
  const ingresses = ofKind(objects, 'Ingress').flatMap((ingress) => {
    const backends = specOf<{ rules: readonly { http: { paths: readonly { backend: { service: { name: string } } }[] } }[] }>(ingress).rules.flatMap(
      ({ http }) => http.paths,
    )
    return backends
      .filter(({ backend }) => !has(objects, 'Service', backend.service.name, ingress.metadata.namespace))
      .map(({ backend }) => `${nameOf(ingress)}: there is no service ${backend.service.name}`)
  })
  return [...inPods, ...scalers, ...ingresses]
}

/** The "restricted" pod security standard, and a read-only root besides. */
const confinement: Rule = (objects) =>
  podsOf(objects).flatMap((pod) => {
    const { spec } = pod
    const wrong: string[] = []
    const expect = (isSo: boolean | undefined, what: string) => void (isSo || wrong.push(`${nameOf(pod.owner)}: ${what}`))
    expect(spec.automountServiceAccountToken === false, 'has a token of the cluster')
    expect(!(spec.hostNetwork || spec.hostPID || spec.hostIPC), 'shares namespaces with the node')
    expect(spec.securityContext?.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile')
    for (const container of containersOf(pod)) {
      if (mayBePrivileged(pod, container)) continue
      const own = container.securityContext
      const expectOf = (isSo: boolean | undefined, what: string) => expect(isSo, `${container.name} ${what}`)
      expectOf(!own?.privileged, 'is privileged')
      expectOf(own?.allowPrivilegeEscalation === false, 'may gain privileges')
      expectOf(own?.readOnlyRootFilesystem === true, 'may write to its image')
      expectOf(own?.capabilities?.drop?.includes('ALL') && !own.capabilities.add?.length, 'keeps capabilities')
      expectOf(
        (own?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot) === true && (own?.runAsUser ?? spec.securityContext?.runAsUser ?? 0) > 0,
        'may be root',
      )
    }
    const isEngine = spec.initContainers?.some((container) => mayBePrivileged(pod, container))
    for (const volume of spec.volumes ?? []) expect(!volume.hostPath || isEngine, `mounts ${volume.hostPath?.path} of the node`)
    return wrong
  })

const namespaces: Rule = (objects) =>
  ofKind(objects, 'Namespace').flatMap(({ metadata }) => {
    const level = metadata.labels?.['pod-security.kubernetes.io/enforce']
    const wanted = metadata.name === 'arena-judge' ? 'privileged' : 'restricted'
    return level === wanted ? [] : [`Namespace ${metadata.name} enforces ${level ?? 'nothing'} where it should be ${wanted}`]
  })

const isolation: Rule = (objects) =>
  podsOf(objects).flatMap((pod) =>
    (['Ingress', 'Egress'] as const)
      .filter((direction) => policiesOf(objects, pod, direction).length === 0)
      .map((direction) => `${nameOf(pod.owner)}: no policy bounds its ${direction.toLowerCase()}`),
  )

const budgets: Rule = (objects) =>
  podsOf(objects).flatMap((pod) => {
    const containers = containersOf(pod).filter(({ resources }) => !resources?.requests?.cpu || !resources.requests.memory || !resources.limits?.memory)
    return containers.map(({ name }) => `${nameOf(pod.owner)}: ${name} has no bound on memory, or asks for nothing`)
  })

/** Every Deployment is probed and budgeted; one that others call goes on serving until they have heard that it leaves. */
const availability: Rule = (objects) => {
  const isCalled = (pod: Pod) =>
    ofKind(objects, 'Service').some((service) => selects({ matchLabels: specOf<{ selector?: Labels }>(service).selector ?? {} }, pod.labels))
  return ofKind(objects, 'Deployment').flatMap((deployment) => {
    const pod = podsOf([deployment])[0] as Pod
    const container = pod.spec.containers[0] as IContainer
    const isGuarded = ofKind(objects, 'PodDisruptionBudget').some((budget) => selects(specOf<{ selector: Selector }>(budget).selector, pod.labels))
    const drains = container.lifecycle?.preStop !== undefined || Number(environmentOf(objects, pod, container).ARENA_DRAIN_SECONDS) > 0
    return [
      ...(container.startupProbe && container.livenessProbe && container.readinessProbe ? [] : [`${nameOf(deployment)} lacks a probe`]),
      ...(isGuarded ? [] : [`${nameOf(deployment)} has no disruption budget`]),
      ...((drains || !isCalled(pod)) && (pod.spec.terminationGracePeriodSeconds ?? 30) >= 30 ? [] : [`${nameOf(deployment)} is given no time to drain`]),
    ]
  })
}

/** What a container finds in its environment; its own entries go before those of ConfigMaps. */
function environmentOf(objects: readonly KubeObject[], pod: Pod, container: IContainer): Readonly<Record<string, string>> {
  const maps = (container.envFrom ?? []).map(({ configMapRef }) =>
    ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name === configMapRef?.name && metadata.namespace === pod.namespace),
  )
  return Object.assign({}, ...maps.map((map) => map?.data), Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? ''])))
}

const images: Rule = (objects, { imageTargets }) =>
  podsOf(objects).flatMap((pod) =>
    containersOf(pod).flatMap(({ image = '' }) => {
      const target = ownImage.exec(image)?.[1]
      if (target === undefined) return /^[a-z]+:[\w.-]+$/.test(image) ? [] : [`${nameOf(pod.owner)}: the image ${image} has no version`]
      return imageTargets.includes(target) ? [] : [`${nameOf(pod.owner)}: the Dockerfile has no target ${target}`]
    }),
  )

/** The arena itself reads what each container is told. */
const settings: Rule = (objects, { whyNotStarted }) =>
  podsOf(objects).flatMap((pod) =>
    containersOf(pod).flatMap((container) => {
      const target = ownImage.exec(container.image ?? '')?.[1]
      if (target === undefined) return []
      const environment = environmentOf(objects, pod, container)
      const said = whyNotStarted(target, environment)
      const unmounted = Object.entries(environment).filter(([name, path]) => name.endsWith('_FILE') && !isMounted(pod, container, path))
      return [
        ...(said ? [`${nameOf(pod.owner)}: ${said}`] : []),
        ...unmounted.map(([name, path]) => `${nameOf(pod.owner)}: ${name} names ${path}, which no volume holds`),
      ]
    }),
  )

/** Addresses inside the cluster lead to a Service and a port of it. */
const addresses: Rule = (objects) =>
  podsOf(objects).flatMap((pod) =>
    containersOf(pod).flatMap((container) =>
      Object.entries(environmentOf(objects, pod, container)).flatMap(([name, value]) => {
        const [, service, namespace = pod.namespace, port] = /^(?:http|tcp):\/\/([\w-]+)(?:\.([\w-]+)\.svc\.cluster\.local)?:(\d+)$/.exec(value) ?? []
        if (service === undefined) return []
        const found = ofKind(objects, 'Service').find(({ metadata }) => metadata.name === service && metadata.namespace === namespace)
        const listens = found && specOf<{ ports: readonly { port: number }[] }>(found).ports.some((each) => each.port === Number(port))
        return listens ? [] : [`${nameOf(pod.owner)}: ${name} leads to ${value}, where no service is`]
      }),
    ),
  )

/** Is there a projected secret that lies at this path in the container? */
function isMounted({ spec }: Pod, container: IContainer, path: string): boolean {
  return (container.volumeMounts ?? []).some(({ name, mountPath }) => {
    const sources = spec.volumes?.find((volume) => volume.name === name)?.projected?.sources ?? []
    return sources.some(({ secret }) => secret?.items?.some((item) => `${mountPath}/${item.path}` === path))
  })
}

export const rules: Readonly<Record<string, Rule>> = {
  unique,
  selectors,
  ports,
  references,
  confinement,
  namespaces,
  isolation,
  budgets,
  availability,
  images,
  settings,
  addresses,
}

export const ruleFindings = (objects: readonly KubeObject[], world: World): string[] => Object.values(rules).flatMap((rule) => rule(objects, world))
