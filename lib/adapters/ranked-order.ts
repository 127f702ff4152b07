/**
 * Items in order, each position known: a B-tree whose nodes know how many items lie below them. Adding, removing, counting and finding a position take
 * time logarithmic in the size; a node is a short array, which a processor reads quickly and which costs about a word an item.
 */
export type Ordered<T> = {
  readonly size: number
  /** One that is equal must not be there. */
  add(item: T): void
  remove(item: T): boolean
  /** How many come before `item`, which need not be there. */
  countBefore(item: T): number
  /** By position from 0, `to` not included. */
  slice(from: number, to: number): T[]
}

/** Of items in a leaf and of children in a branch. */
const most = 64
/** Neighbours that together have no more become one; well below `most`, so that the next one added does not split them again. */
const few = most / 2

type Leaf<T> = { readonly kind: 'leaf'; items: T[] }
/** `lows[n]`: not above any item of `children[n]`, above all items before it. */
type Branch<T> = { readonly kind: 'branch'; count: number; children: Node<T>[]; lows: T[] }
type Node<T> = Leaf<T> | Branch<T>
type Split<T> = { readonly node: Node<T>; readonly low: T }

type Compare<T> = (a: T, b: T) => number

export function openOrdered<T>(compare: Compare<T>): Ordered<T> {
  let root: Node<T> = { kind: 'leaf', items: [] }
  return {
    get size() {
      return countOf(root)
    },
    add(item) {
      const left = root
      const split = addTo(left, item, compare)
      if (split === undefined) return
      const low = left.kind === 'leaf' ? (left.items[0] as T) : (left.lows[0] as T)
      root = { kind: 'branch', count: countOf(left) + countOf(split.node), children: [left, split.node], lows: [low, split.low] }
    },
    remove(item) {
      const isRemoved = removeFrom(root, item, compare)
      while (root.kind === 'branch' && root.children.length === 1) root = root.children[0] as Node<T>
      return isRemoved
    },
    countBefore(item) {
      let before = 0
      let node = root
      while (node.kind === 'branch') {
        const at = childFor(node, item, compare)
        for (let n = 0; n < at; n++) before += countOf(node.children[n] as Node<T>)
        node = node.children[at] as Node<T>
      }
      return before + firstNotBelow(node.items, item, compare)
    },
    slice(from, to) {
      const taken: T[] = []
      take(root, Math.max(0, from), to, taken)
      return taken
    },
  }
}

/** The first position of a short ordered list whose item is not below `item`. */
function firstNotBelow<T>(list: readonly T[], item: T, compare: Compare<T>): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(list[middle] as T, item) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Which child `item` is in or would come into: the last whose low is not above it. */
function childFor<T>({ lows }: Branch<T>, item: T, compare: Compare<T>): number {
  const at = firstNotBelow(lows, item, compare)
  const isLow = at < lows.length && compare(lows[at] as T, item) === 0
  return isLow ? at : Math.max(0, at - 1)
}

/** @returns the right half when the node had to be split. */
function addTo<T>(node: Node<T>, item: T, compare: Compare<T>): Split<T> | undefined {
  if (node.kind === 'leaf') {
    node.items.splice(firstNotBelow(node.items, item, compare), 0, item)
    if (node.items.length <= most) return undefined
    const items = node.items.splice(most >> 1)
    return { node: { kind: 'leaf', items }, low: items[0] as T }
  }
  const at = childFor(node, item, compare)
  node.count += 1
  if (at === 0 && compare(item, node.lows[0] as T) < 0) node.lows[0] = item
  const split = addTo(node.children[at] as Node<T>, item, compare)
  if (split === undefined) return undefined
  node.children.splice(at + 1, 0, split.node)
  node.lows.splice(at + 1, 0, split.low)
  return node.children.length > most ? halved(node) : undefined
}

function removeFrom<T>(node: Node<T>, item: T, compare: Compare<T>): boolean {
  if (node.kind === 'leaf') {
    const at = firstNotBelow(node.items, item, compare)
    const found = node.items[at]
    if (found === undefined || compare(found, item) !== 0) return false
    node.items.splice(at, 1)
    return true
  }
  const at = childFor(node, item, compare)
  if (!removeFrom(node.children[at] as Node<T>, item, compare)) return false
  node.count -= 1
  joinIfFew(node, at)
  return true
}

const countOf = <T>(node: Node<T>): number => (node.kind === 'leaf' ? node.items.length : node.count)
const widthOf = <T>(node: Node<T>): number => (node.kind === 'leaf' ? node.items.length : node.children.length)

function halved<T>(node: Branch<T>): Split<T> {
  const children = node.children.splice(most >> 1)
  const lows = node.lows.splice(most >> 1)
  const count = children.reduce((sum, child) => sum + countOf(child), 0)
  node.count -= count
  return { node: { kind: 'branch', count, children, lows }, low: lows[0] as T }
}

/** Joins the child with its neighbour where both have little or one has nothing. */
function joinIfFew<T>(node: Branch<T>, at: number): void {
  const left = Math.max(0, Math.min(at, node.children.length - 2))
  const [a, b] = [node.children[left], node.children[left + 1]]
  if (a === undefined || b === undefined) return
  const [widthA, widthB] = [widthOf(a), widthOf(b)]
  if (widthA + widthB > few && widthA > 0 && widthB > 0) return
  if (a.kind === 'leaf' && b.kind === 'leaf') a.items.push(...b.items)
  else if (a.kind === 'branch' && b.kind === 'branch') {
    a.children.push(...b.children)
    a.lows.push(...b.lows)
    a.count += b.count
  }
  node.children.splice(left + 1, 1)
  node.lows.splice(left + 1, 1)
}

/** Positions `from` to `to` below `node`, counted from its own first. */
function take<T>(node: Node<T>, from: number, to: number, taken: T[]): void {
  if (node.kind === 'leaf') {
    for (const item of node.items.slice(from, Math.max(from, to))) taken.push(item)
    return
  }
  let start = 0
  for (const child of node.children) {
    if (start >= to) return
    const count = countOf(child)
    if (start + count > from) take(child, Math.max(0, from - start), to - start, taken)
    start += count
  }
}
