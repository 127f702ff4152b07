import { type ComponentType, lazy } from 'react'
import { loadTexts } from '../lib/i18n.ts'
import { patiently } from '../lib/patiently.ts'
import type { LaterPart } from '../lib/speech.ts'

/** A page of its own chunk, by the name it is exported under. */
export const lazyPage = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazy(async () => ({ default: (await patiently(load))[name] }))

/** The same, for pages whose texts do not come with the first visit (see build-plugins.ts). */
export const lazyPageWithTexts = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name, part: LaterPart = 'later') =>
  lazy(async () => {
    const [parts] = await patiently(() => Promise.all([load(), loadTexts(part)]))
    return { default: parts[name] }
  })

/** A part of a page that is fetched when it is first shown; `load` may be called before, to have it on its way. */
export const lazyPart = <Props, Name extends string>(load: () => Promise<Record<Name, ComponentType<Props>>>, name: Name) =>
  lazy(async () => ({ default: (await patiently(load))[name] }))

/** Fetches a part together with its texts: for `lazyPart`, and for having both on their way. */
export const withTexts =
  <Parts>(load: () => Promise<Parts>, part: LaterPart) =>
  async (): Promise<Parts> => {
    const [parts] = await Promise.all([load(), loadTexts(part)])
    return parts
  }
