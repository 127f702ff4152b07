import type { TestGroup, TestPoints } from '#contracts/judging'

/**
 * A problem's groups as a tree, its tests in the order in which they are judged: a group's own by index, then its groups in the order of the list.
 * What of it makes no sense is told as a reason: the setter's fault, before anything is run.
 */
export type PlannedTest = { readonly index: number; readonly node: Node; readonly accept: number; readonly reject: number }
export type Node = {
  readonly group: TestGroup
  readonly parent: Node | undefined
  readonly tests: PlannedTest[]
  readonly children: Node[]
  /** Groups that must have been accepted before. */
  readonly dependsOn: readonly Node[]
  /** Another group asks how this one went. */
  isAskedFor: boolean
}
export type GroupPlan = { readonly roots: readonly Node[]; readonly tests: readonly PlannedTest[] }

type Test = { readonly index: number; readonly group?: string; readonly points?: TestPoints }
const wholePoint = 1000

export function planGroups(groups: readonly TestGroup[], tests: readonly Test[]): GroupPlan | { readonly reason: string } {
  const nodes = new Map<string, Node>()
  for (const group of groups) {
    const said = addNode(nodes, group)
    if (said !== undefined) return { reason: said }
  }
  for (const test of [...tests].sort((a, b) => a.index - b.index)) {
    const node = nodes.get(test.group ?? '')
    if (node === undefined)
      return { reason: `test ${test.index} is in ${test.group === undefined ? 'no group' : `the group ${test.group}, which is not there`}` }
    node.tests.push({ index: test.index, node, ...worthOf(test, node.group) })
  }
  const roots = [...nodes.values()].filter(({ parent }) => parent === undefined)
  const late = dependsOnLater(roots)
  return late === undefined ? { roots, tests: roots.flatMap(testsBelow) } : { reason: late }
}

function addNode(nodes: Map<string, Node>, group: TestGroup): string | undefined {
  const { name } = group
  if (nodes.has(name)) return `two groups are called ${name}`
  if (group.maxMilli < 0) return `the group ${name} has full marks below 0`
  const parent = group.parent === null ? undefined : nodes.get(group.parent)
  if (group.parent !== null && parent === undefined) return `the group ${name} lies in ${group.parent}, which does not come before it`
  const dependsOn: Node[] = []
  for (const other of group.dependsOn) {
    const node = nodes.get(other)
    if (node === undefined) return `the group ${name} depends on ${other}, which does not come before it`
    node.isAskedFor = true
    dependsOn.push(node)
  }
  const node: Node = { group, parent, tests: [], children: [], dependsOn, isAskedFor: false }
  nodes.set(name, node)
  parent?.children.push(node)
  return undefined
}

const worthOf = ({ points }: Test, { maxMilli }: TestGroup) => points ?? { accept: maxMilli > 0 ? maxMilli : wholePoint, reject: 0 }

export const testsBelow = (node: Node): PlannedTest[] => [...node.tests, ...node.children.flatMap(testsBelow)]

/** A group that is judged before one that it depends on could never know how that went: one that lies around it, or has groups of its own still to come. */
function dependsOnLater(roots: readonly Node[]): string | undefined {
  const over = new Set<Node>()
  const visit = (node: Node): string | undefined => {
    const missing = node.dependsOn.find((other) => !over.has(other))
    if (missing !== undefined) return `the group ${node.group.name} depends on ${missing.group.name}, which is not judged before it`
    for (const child of node.children) {
      const said = visit(child)
      if (said !== undefined) return said
    }
    over.add(node)
    return undefined
  }
  for (const root of roots) {
    const said = visit(root)
    if (said !== undefined) return said
  }
  return undefined
}
