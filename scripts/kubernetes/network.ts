/** Who may reach whom, as a cluster that enforces NetworkPolicies would decide it. Pure. */
import { type KubeObject, type Labels, ofKind, type Pod, type Selector, selects, specOf } from './objects.ts'

type Peer = { readonly podSelector?: Selector; readonly namespaceSelector?: Selector; readonly ipBlock?: { readonly cidr: string } }
type Ports = readonly { readonly port?: number | string; readonly protocol?: string }[]
type Rule = { readonly from?: readonly Peer[]; readonly to?: readonly Peer[]; readonly ports?: Ports }
type PolicySpec = {
  readonly podSelector: Selector
  readonly policyTypes: readonly string[]
  readonly ingress?: readonly Rule[]
  readonly egress?: readonly Rule[]
}
type Direction = 'Ingress' | 'Egress'
type Place = { readonly namespace: string; readonly labels: Labels }

/** The policies that choose a pod. With none for a direction Kubernetes lets everything through. */
export const policiesOf = (objects: readonly KubeObject[], pod: Place, direction: Direction): PolicySpec[] =>
  ofKind(objects, 'NetworkPolicy')
    .filter((policy) => policy.metadata.namespace === pod.namespace)
    .map((policy) => specOf<PolicySpec>(policy))
    .filter((spec) => spec.policyTypes.includes(direction) && selects(spec.podSelector, pod.labels))

/** May `from` open a TCP connection to that port of `to`? Both sides must let it through. */
export function mayReach(objects: readonly KubeObject[], from: Place, to: Place, port: number): boolean {
  const passes = (pod: Place, direction: Direction, other: Place) => {
    const policies = policiesOf(objects, pod, direction)
    const rules = policies.flatMap((spec) => (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [])
    return policies.length === 0 || rules.some((rule) => fitsPort(rule.ports, port) && fitsPeer(objects, rule.from ?? rule.to, pod, other))
  }
  return passes(from, 'Egress', to) && passes(to, 'Ingress', from)
}

const fitsPort = (ports: Ports | undefined, port: number) => !ports || ports.some((each) => (each.protocol ?? 'TCP') === 'TCP' && each.port === port)

function fitsPeer(objects: readonly KubeObject[], peers: readonly Peer[] | undefined, own: Place, other: Place): boolean {
  if (!peers) return true
  const labels = ofKind(objects, 'Namespace').find(({ metadata }) => metadata.name === other.namespace)?.metadata.labels ?? {}
  const namespaceLabels = { ...labels, 'kubernetes.io/metadata.name': other.namespace }
  return peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
    if (ipBlock) return false // addresses of pods are in none of the blocks that are allowed
    const inNamespace = namespaceSelector ? selects(namespaceSelector, namespaceLabels) : other.namespace === own.namespace
    return inNamespace && selects(podSelector ?? {}, other.labels)
  })
}

export type Edge = { readonly from: string; readonly to: string; readonly port: number }

/** Every pair of pods where one may reach a port of the other that is listened on. */
export function edges(objects: readonly KubeObject[], pods: readonly Pod[]): Edge[] {
  return pods.flatMap((from) =>
    pods.flatMap((to) =>
      [...(to.spec.initContainers ?? []), ...to.spec.containers]
        .flatMap((container) => container.ports ?? [])
        .filter(({ containerPort }) => mayReach(objects, from, to, containerPort))
        .map(({ containerPort }) => ({ from: from.owner.metadata.name, to: to.owner.metadata.name, port: containerPort })),
    ),
  )
}
