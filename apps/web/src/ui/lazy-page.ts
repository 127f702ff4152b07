import { type ComponentType, lazy } from 'react'
import { loadLaterTexts } from '../lib/i18n.ts'

/** A page of its own chunk, by the name it is exported under. */
export const lazyPage = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }))

/** The same, for pages whose texts do not come with the first visit (see build-plugins.ts). */
export const lazyPageWithTexts = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazy(async () => {
    const [parts] = await Promise.all([load(), loadLaterTexts()])
    return { default: parts[name] }
  })
