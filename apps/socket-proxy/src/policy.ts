import { isDeepStrictEqual } from 'node:util'
import { besideRuns, type ContainerWishes, containerConfig, type Joint } from '#adapters/sandbox-docker/container-config'
import { ownerLabel, uidsLabel } from '#adapters/sandbox-docker/owner'
import { fail, ok, type Result } from '#kernel/result'
import { type Bytes, mebibytes } from '#kernel/units'

/**
 * What a judge may ask of the engine. A container is asked for by a body of some forty fields, any of which could open the host, so the body is not
 * searched for what is bad: the few wishes in it are read, the body is made again from them by the adapter's own `containerConfig`, and what was sent
 * must be equal to that, field for field.
 */
export type Rules = {
  readonly images: readonly string[]
  /** The one runtime that is asked for; undefined: none may be named. */
  readonly runtime: string | undefined
  /** Boxes at one engine, of all workers together. */
  readonly mostContainers: number
}

/** The most a problem may give (`Limits` in lib/contracts/common.ts), what the hungriest runtime takes beside it, and what lies beside runs. */
export const mostMemory: Bytes = (mebibytes(2048 + 512) + besideRuns) as Bytes
const leastMemory: Bytes = mebibytes(64)
/** Uids of boxes (owner.ts), which are nobody on the host. */
const uids = { from: 20_000, to: 60_000 } as const

/** @returns the wishes in the body of a `create`, or where it is not what the adapter sends. */
export function readWishes(body: unknown, { images, runtime }: Rules): Result<ContainerWishes, string> {
  const image = textAt(body, 'Image')
  if (image === undefined || !images.includes(image)) return fail('the image is none of the judge')
  const owner = textAt(body, 'Labels', ownerLabel)
  const firstUid = textAt(body, 'Labels', uidsLabel)
  if (owner === undefined || !/^[\w-]{1,64}$/.test(owner)) return fail(`the label ${ownerLabel} is no owner`)
  if (!isUid(firstUid)) return fail(`the label ${uidsLabel} is no uid of a box`)
  const memory = valueAt(body, 'HostConfig', 'Memory')
  if (!isMemory(memory)) return fail('the memory is not within bounds')
  const buildUid = /,gid=(\d{1,5})$/.exec(textAt(body, 'HostConfig', 'Tmpfs', '/build') ?? '')?.[1]
  if (!isUid(buildUid)) return fail('the group of /build is no uid of a box')
  const wishes = { image, labels: { [ownerLabel]: owner, [uidsLabel]: firstUid }, buildUid: Number(buildUid), memory, runtime, ...jointOf(body) }
  const difference = differenceOf(body, containerConfig(wishes), '')
  return difference === undefined ? ok(wishes) : fail(`${difference} is not what a box has`)
}

/** Whose the container is that it names is for `boxes.ts` to say. */
function jointOf(body: unknown): { readonly joint?: Joint } {
  if (valueAt(body, 'HostConfig', 'Mounts') !== undefined) return { joint: { kind: 'own' } }
  const from = valueAt(body, 'HostConfig', 'VolumesFrom')
  const container: unknown = Array.isArray(from) && from.length === 1 ? from[0] : undefined
  return typeof container === 'string' && /^[0-9a-f]{64}$/.test(container) ? { joint: { kind: 'of', container } } : {}
}

/** @returns the new memory limit in the body of an `update`, which changes nothing else. */
export function readMemory(body: unknown): Result<Bytes, string> {
  const memory = valueAt(body, 'Memory')
  if (!isMemory(memory) || !isDeepStrictEqual(body, { Memory: memory, MemorySwap: memory })) return fail('only the memory may change, within bounds')
  return ok(memory)
}

/** Names that the adapter gives (makers.ts). */
export const isBoxName = (name: string): boolean => /^arena-box-[\w-]{1,64}-\d{1,12}$/.test(name)

const isMemory = (value: unknown): value is Bytes => Number.isSafeInteger(value) && (value as number) >= leastMemory && (value as number) <= mostMemory
const isUid = (text: string | undefined): text is string =>
  text !== undefined && /^[1-9]\d{4}$/.test(text) && Number(text) >= uids.from && Number(text) < uids.to

/** @returns the path of the first field that is not the same, missing and superfluous ones too; undefined when there is none. */
function differenceOf(sent: unknown, expected: unknown, path: string): string | undefined {
  if (!isRecord(sent) || !isRecord(expected)) return isDeepStrictEqual(sent, expected) ? undefined : path || 'the body'
  for (const name of new Set([...Object.keys(expected), ...Object.keys(sent)])) {
    const inside = path === '' ? name : `${path}.${name}`
    if (!Object.hasOwn(sent, name) || !Object.hasOwn(expected, name)) return inside
    const difference = differenceOf(sent[name], expected[name], inside)
    if (difference !== undefined) return difference
  }
  return undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)
const valueAt = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined), value)
function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path)
  return typeof found === 'string' ? found : undefined
}
