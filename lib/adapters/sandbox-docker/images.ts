import { createHash } from 'node:crypto'
import type { Engine } from './engine.ts'
import { type TarFile, tarOf } from './tar.ts'

/**
 * Judge images, known by what they were made of. An image carries the digest of its build context as a label, written into the context's own
 * Dockerfile, so that whatever builds it sets it right. An image whose digest is not this checkout's was built from another one: its runner may
 * speak another protocol, its headers may be compiled for other flags. It is not used.
 *
 * What a context takes from outside (base images, Debian's packages) is not in the digest: for newer ones an image is built afresh.
 */
export type ImageSource = {
  readonly name: string
  /** A `Dockerfile` among them. */
  readonly files: readonly TarFile[]
}
export type ImageState = 'current' | 'stale' | 'missing'

const digestLabel = 'arena.judge-image'

export const imageDigest = ({ files }: ImageSource): string => createHash('sha256').update(tarOf(files)).digest('hex').slice(0, 16)

/** What is sent to the engine. */
export function buildContext(source: ImageSource): Buffer {
  const label = Buffer.from(`LABEL ${digestLabel}=${imageDigest(source)}\n`)
  return tarOf(source.files.map((file) => (file.path === 'Dockerfile' ? { ...file, content: Buffer.concat([file.content, label]) } : file)))
}

export async function imageState(engine: Engine, source: ImageSource): Promise<ImageState> {
  const found = await engine.image(source.name)
  if (found === undefined) return 'missing'
  return found.labels[digestLabel] === imageDigest(source) ? 'current' : 'stale'
}

export type BuildWishes = { readonly network?: string; readonly isFresh: boolean; readonly tell: (line: string) => void }

/**
 * Builds it. The image that had the name before is removed, if it was one of ours and has no other name: nothing would ever use or remove it.
 * @returns the id of that image when it is there still, because the engine does not remove what a container was made of.
 */
export async function buildImage(engine: Engine, source: ImageSource, wishes: BuildWishes): Promise<string | undefined> {
  const before = await engine.image(source.name)
  await engine.build({ tag: source.name, context: buildContext(source), ...wishes })
  const replaced = before && (await engine.image(before.id))
  if (replaced === undefined || replaced.tags.length > 0 || replaced.labels[digestLabel] === undefined) return undefined
  return await engine.removeImage(replaced.id).then(
    () => undefined,
    () => replaced.id,
  )
}
