import type { TestVerdict, Verdict } from '#contracts/common'
import type { Points, TestGroup } from '#contracts/judging'
import { type GroupPlan, type Node, type PlannedTest, testsBelow } from './group-plan.ts'

/**
 * What tests in groups come to: a pure function of the plan and the results, in whatever order those came (docs/judging.md has the rules in words).
 *
 * Two reasons to skip a test, both functions of the tests before it in the plan's order, so that judging again skips the same:
 * - `isRuledOut`: the problem's own rules say so (`onReject`, `dependsOn`), and that changes points;
 * - `isPointless`: no outcome of it could change any group's points, or whether it is accepted. That only spares time.
 *
 * A test is accepted (AC), accepted with less than it is worth (PARTIAL), or rejected. AC for the whole is: full marks.
 */
export type Result = { readonly verdict: TestVerdict; readonly milli: number }
export type Results = ReadonlyMap<number, Result>
export type Total = { readonly verdict: Verdict; readonly score: number; readonly points: Points }

type Error = Exclude<TestVerdict, 'AC' | 'PARTIAL' | 'SKIPPED'>
/** As the default grader of the ICPC package format has it. */
const worstFirst: readonly Error[] = ['RE', 'MLE', 'TLE', 'OLE', 'WA']
const isError = (verdict: TestVerdict): verdict is Error => worstFirst.some((error) => error === verdict)

type Worth = { readonly verdict: TestVerdict; readonly milli: number; readonly isFull: boolean }
/** Groups depend on groups that depend on groups: each is looked at once. */
type Seen = { readonly results: Results; readonly worths: Map<Node, Worth> }
const see = (results: Results): Seen => ({ results, worths: new Map() })

/** Of everything that was judged of a group so far. */
function worthOf(node: Node, seen: Seen): Worth {
  const known = seen.worths.get(node)
  if (known !== undefined) return known
  const members = membersOf(node, seen)
  const verdict = members.length === 0 || !isUnlocked(node, seen) ? 'SKIPPED' : verdictOf(node.group, members)
  const { maxMilli } = node.group
  const milli = verdict === 'SKIPPED' || maxMilli === 0 ? 0 : Math.min(combine(node.group, members), maxMilli)
  const worth = { verdict, milli, isFull: isAccepted(verdict) && milli === maxMilli }
  seen.worths.set(node, worth)
  return worth
}
const isAccepted = (verdict: TestVerdict) => verdict === 'AC' || verdict === 'PARTIAL'

/** In the order of judging. What was skipped counts for nothing, but a group that was not unlocked for 0. */
function membersOf({ tests, children }: Node, seen: Seen): readonly Worth[] {
  const ofTests = tests.flatMap(({ index }) => {
    const result = seen.results.get(index)
    return result === undefined || result.verdict === 'SKIPPED' ? [] : [{ ...result, isFull: result.verdict === 'AC' }]
  })
  const ofGroups = children.flatMap((child) => {
    if (!isBegun(child, seen)) return []
    const worth = worthOf(child, seen)
    return worth.verdict === 'SKIPPED' && isUnlocked(child, seen) ? [] : [worth]
  })
  return [...ofTests, ...ofGroups]
}

const isBegun = (node: Node, { results }: Seen) => testsBelow(node).some(({ index }) => results.has(index))
const isUnlocked = (node: Node, seen: Seen) => node.dependsOn.every((other) => worthOf(other, seen).isFull)

function verdictOf({ verdict }: TestGroup, members: readonly Worth[]): TestVerdict {
  const errors = members.map((member) => member.verdict).filter(isError)
  const first = errors[0]
  const accepted = members.some((member) => member.verdict === 'PARTIAL') ? 'PARTIAL' : 'AC'
  if (verdict === 'always-accept' || first === undefined) return accepted
  if (verdict === 'accept-if-any') return members.some((member) => isAccepted(member.verdict)) ? accepted : first
  return verdict === 'first-error' ? first : (worstFirst.find((error) => errors.includes(error)) ?? first)
}

function combine({ combine, maxMilli }: TestGroup, members: readonly Worth[]): number {
  const worths = members.map(({ milli }) => milli)
  const sum = worths.reduce((total, milli) => total + milli, 0)
  switch (combine) {
    case 'all':
      return members.every(({ isFull }) => isFull) ? maxMilli : 0
    case 'sum':
      return sum
    case 'min':
      return Math.min(...worths)
    case 'max':
      return Math.max(...worths)
    case 'average':
      return Math.floor(sum / worths.length)
  }
}

// ---- what is skipped --------------------------------------------------------------------------------------------------

const groupsAround = (node: Node): readonly Node[] => [...(node.parent === undefined ? [] : groupsAround(node.parent)), node]

export function isRuledOut(test: PlannedTest, results: Results): boolean {
  const seen = see(results)
  const isBroken = (node: Node) => node.group.onReject === 'break' && membersBefore(test, node, seen).some(({ verdict }) => !isAccepted(verdict))
  return groupsAround(test.node).some((node) => !isUnlocked(node, seen) || isBroken(node))
}

/** Samples are there to be looked at: they are run whatever they are worth. */
export function isPointless(test: PlannedTest, results: Results): boolean {
  const seen = see(results)
  return groupsAround(test.node).some((node) => {
    if (node.group.sample || test.node.group.sample || isAskedForBelow(test.node, node)) return false
    const members = membersBefore(test, node, seen)
    return arePointsSettled(node, members) && isAcceptanceSettled(node.group, members)
  })
}

/** Members of `node` that were over before the one with `test` in it began. */
function membersBefore(test: PlannedTest, node: Node, seen: Seen): readonly Worth[] {
  const inside = groupsAround(test.node)
  const child = inside[inside.indexOf(node) + 1]
  const children = child === undefined ? [] : node.children.slice(0, node.children.indexOf(child))
  return membersOf({ ...node, children }, seen)
}

/** Somebody asks how a group between the test and `node` went. */
function isAskedForBelow(from: Node, node: Node): boolean {
  return from !== node && (from.isAskedFor || (from.parent !== undefined && isAskedForBelow(from.parent, node)))
}

function arePointsSettled(node: Node, members: readonly Worth[]): boolean {
  if (node.group.combine === 'all') return members.some(({ isFull }) => !isFull)
  return node.group.combine === 'min' && members.some(({ milli }) => milli <= leastOf(node))
}

/** No subset of what is in the group comes to less, however it is put together. */
const leastOf = (node: Node): number => testsBelow(node).reduce((sum, { accept, reject }) => sum + Math.min(0, accept, reject), 0)

function isAcceptanceSettled({ verdict }: TestGroup, members: readonly Worth[]): boolean {
  if (verdict === 'always-accept') return true
  if (verdict === 'accept-if-any') return members.some((member) => isAccepted(member.verdict))
  return members.some((member) => isError(member.verdict))
}

// ---- the whole ----------------------------------------------------------------------------------------------------------

export function totalOf({ roots, tests }: GroupPlan, results: Results): Total {
  const seen = see(results)
  const worths = roots.map((node) => worthOf(node, seen))
  const milli = worths.reduce((sum, worth) => sum + worth.milli, 0)
  const maxMilli = roots.reduce((sum, { group }) => sum + group.maxMilli, 0)
  const groups = subtasksOf(roots).map((node) => ({ name: node.group.name, milli: worthOf(node, seen).milli, maxMilli: node.group.maxMilli }))
  const points = { milli, maxMilli, groups }
  const errors = [...worths.map(({ verdict }) => verdict), ...tests.map(({ index }) => results.get(index)?.verdict ?? 'SKIPPED')].filter(isError)
  const isFull = maxMilli > 0 ? milli >= maxMilli : worths.every(({ isFull }) => isFull)
  if (isFull) return { verdict: 'AC', score: 100, points }
  const share = maxMilli > 0 ? Math.floor((100 * milli) / maxMilli) : 0
  return { verdict: milli > 0 ? 'PARTIAL' : (errors[0] ?? 'WA'), score: Math.min(99, Math.max(0, share)), points }
}

/** A group that is nothing but the sum of its groups is shown, and its best taken over several runs, as those. */
function subtasksOf(nodes: readonly Node[]): readonly Node[] {
  return nodes
    .filter(({ group }) => group.maxMilli > 0)
    .flatMap((node) => {
      const inside = node.children.reduce((sum, child) => sum + child.group.maxMilli, 0)
      const isOnlySum = node.group.combine === 'sum' && node.tests.length === 0 && inside === node.group.maxMilli
      return isOnlySum ? subtasksOf(node.children) : [node]
    })
}

// ---- one test -----------------------------------------------------------------------------------------------------------

/** What a checker gives to an output that it does not reject: points, or a share of what the test is worth, in thousandths. */
export type Given = { readonly milli: number } | { readonly shareMilli: number }

/** An accepted test's verdict and points. A checker gives no more than the group is worth, and no less than nothing (or than a rejection). */
export function resultOf({ accept, reject, node }: PlannedTest, given: Given | undefined): Result {
  if (given === undefined) return { verdict: 'AC', milli: accept }
  const most = Math.max(accept, node.group.maxMilli)
  const wanted = 'milli' in given ? given.milli : Math.floor((accept * given.shareMilli) / 1000)
  const milli = Math.max(Math.min(0, reject), Math.min(most, wanted))
  return { verdict: milli >= accept ? 'AC' : 'PARTIAL', milli }
}
