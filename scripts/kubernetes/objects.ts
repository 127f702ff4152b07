/** Kubernetes objects as they are rendered, and the few looks at them that the rules share. Pure, but for `render`. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { IContainer, IPodSpec } from 'kubernetes-models/v1'
import { parseAllDocuments } from 'yaml'

export type Labels = Readonly<Record<string, string>>
/** `spec` is what the kind says it is; `schema.ts` has checked that before a rule looks. */
export type KubeObject = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels }
  readonly spec?: unknown
  readonly data?: Readonly<Record<string, string>>
}
/** The pods that one Deployment, StatefulSet, DaemonSet or Job makes. */
export type Pod = { readonly owner: KubeObject; readonly namespace: string; readonly labels: Labels; readonly spec: IPodSpec }

export const nameOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`
export const objectsOf = (text: string): KubeObject[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null)
export const ofKind = (objects: readonly KubeObject[], ...kinds: readonly string[]) => objects.filter(({ kind }) => kinds.includes(kind))
export const specOf = <Spec>({ spec }: KubeObject) => spec as Spec

export const podsOf = (objects: readonly KubeObject[]): Pod[] =>
  ofKind(objects, 'Deployment', 'StatefulSet', 'DaemonSet', 'Job').map((owner) => {
    const { template } = specOf<{ template: { metadata?: { labels?: Labels }; spec: IPodSpec } }>(owner)
    return { owner, namespace: owner.metadata.namespace ?? 'default', labels: template.metadata?.labels ?? {}, spec: template.spec }
  })
export const containersOf = ({ spec }: Pod): readonly IContainer[] => [...(spec.initContainers ?? []), ...spec.containers]

export type Selector = {
  readonly matchLabels?: Labels
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[]
}
/** An empty selector chooses everything. @throws for an operator that nothing here uses. */
export function selects(selector: Selector, labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
  return (
    equal &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      if (operator === 'In') return values.includes(labels[key] ?? '')
      if (operator === 'Exists') return key in labels
      throw new Error(`the operator ${operator} of a selector is not understood here`)
    })
  )
}

/** Undefined when kustomize 5 can be asked; else why it cannot. */
export function whyNoKustomize(): string | undefined {
  try {
    const said = execFileSync('kubectl', ['version', '--client'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return /Kustomize Version: v([5-9]|\d\d)/.test(said) ? undefined : 'kubectl is older than 1.27 and has no kustomize 5'
  } catch {
    return 'kubectl is not installed'
  }
}

/** @throws with what kustomize says of a folder that it cannot build. */
export function render(folder: string): KubeObject[] {
  if (!existsSync(folder)) throw new Error(`there is no ${folder}`)
  return objectsOf(execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] }))
}
