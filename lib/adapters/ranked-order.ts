/**
 * Values in order of their keys, each position known: a B-tree whose nodes know how many values lie below them. Adding, removing, counting and finding a
 * position take time logarithmic in the size; a node is a few short arrays, which a processor reads quickly and which cost about two words a value.
 * Keys are texts in order of their code units, kept in the nodes themselves: what a search costs is reaching for memory, not comparing.
 */
export type Ordered<V> = {
  readonly size: number
  /** The key must not be there. */
  add(key: string, value: V): void
  remove(key: string): boolean
  /** How many have a lower key; `key` itself need not be there. */
  countBefore(key: string): number
  /** By position from 0, `to` not included. */
  slice(from: number, to: number): V[]
}

/** Of values in a leaf and of children in a branch. */
const most = 64
/** Neighbours that together have no more become one; well below `most`, so that the next one added does not split them again. */
const few = most / 2

type Leaf<V> = { readonly kind: 'leaf'; readonly keys: string[]; readonly values: V[] }
/** `keys[n]`: not above any key in `children[n]`, above all keys before it. */
type Branch<V> = { readonly kind: 'branch'; readonly keys: string[]; readonly children: Node<V>[]; count: number }
type Node<V> = Leaf<V> | Branch<V>

export function openOrdered<V>(): Ordered<V> {
  let root: Node<V> = { kind: 'leaf', keys: [], values: [] }
  return {
    get size() {
      return countOf(root)
    },
    add(key, value) {
      const left = root
      const right = addTo(left, key, value)
      if (right === undefined) return
      root = { kind: 'branch', keys: [left.keys[0] ?? '', right.keys[0] ?? ''], children: [left, right], count: countOf(left) + countOf(right) }
    },
    remove(key) {
      const isRemoved = removeFrom(root, key)
      while (root.kind === 'branch' && root.children.length === 1) root = root.children[0] as Node<V>
      return isRemoved
    },
    countBefore(key) {
      let before = 0
      let node = root
      while (node.kind === 'branch') {
        const at = childFor(node, key)
        for (let n = 0; n < at; n++) before += countOf(node.children[n] as Node<V>)
        node = node.children[at] as Node<V>
      }
      return before + firstNotBelow(node.keys, key)
    },
    slice(from, to) {
      const taken: V[] = []
      take(root, Math.max(0, from), to, taken)
      return taken
    },
  }
}

const countOf = <V>(node: Node<V>): number => (node.kind === 'leaf' ? node.keys.length : node.count)

/** The first position of an ordered list whose key is not below `key`. */
function firstNotBelow(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

/** Which child `key` is in or would come into: the last whose lowest is not above it. */
function childFor<V>({ keys }: Branch<V>, key: string): number {
  const at = firstNotBelow(keys, key)
  return keys[at] === key ? at : Math.max(0, at - 1)
}

/** @returns the right half when the node had to be split. */
function addTo<V>(node: Node<V>, key: string, value: V): Node<V> | undefined {
  if (node.kind === 'leaf') {
    const at = firstNotBelow(node.keys, key)
    node.keys.splice(at, 0, key)
    node.values.splice(at, 0, value)
    return node.keys.length > most ? { kind: 'leaf', keys: node.keys.splice(most >> 1), values: node.values.splice(most >> 1) } : undefined
  }
  const at = childFor(node, key)
  node.count += 1
  if (at === 0 && key < (node.keys[0] as string)) node.keys[0] = key
  const right = addTo(node.children[at] as Node<V>, key, value)
  if (right === undefined) return undefined
  node.children.splice(at + 1, 0, right)
  node.keys.splice(at + 1, 0, right.keys[0] as string)
  return node.children.length > most ? halved(node) : undefined
}

function halved<V>(node: Branch<V>): Branch<V> {
  const children = node.children.splice(most >> 1)
  const count = children.reduce((sum, child) => sum + countOf(child), 0)
  node.count -= count
  return { kind: 'branch', keys: node.keys.splice(most >> 1), children, count }
}

function removeFrom<V>(node: Node<V>, key: string): boolean {
  if (node.kind === 'leaf') {
    const at = firstNotBelow(node.keys, key)
    if (node.keys[at] !== key) return false
    node.keys.splice(at, 1)
    node.values.splice(at, 1)
    return true
  }
  const at = childFor(node, key)
  if (!removeFrom(node.children[at] as Node<V>, key)) return false
  node.count -= 1
  joinIfFew(node, at)
  return true
}

/** Joins the child with its neighbour where both have little or one has nothing. */
function joinIfFew<V>(node: Branch<V>, at: number): void {
  const left = Math.max(0, Math.min(at, node.children.length - 2))
  const [a, b] = [node.children[left], node.children[left + 1]]
  if (a === undefined || b === undefined) return
  if (a.keys.length + b.keys.length > few && a.keys.length > 0 && b.keys.length > 0) return
  a.keys.push(...b.keys)
  if (a.kind === 'leaf' && b.kind === 'leaf') a.values.push(...b.values)
  else if (a.kind === 'branch' && b.kind === 'branch') {
    a.children.push(...b.children)
    a.count += b.count
  }
  node.children.splice(left + 1, 1)
  node.keys.splice(left + 1, 1)
}

/** Positions `from` to `to` below `node`, counted from its own first. */
function take<V>(node: Node<V>, from: number, to: number, taken: V[]): void {
  if (node.kind === 'leaf') {
    for (const value of node.values.slice(from, Math.max(from, to))) taken.push(value)
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
