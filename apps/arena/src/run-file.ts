import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a running arena leaves in its data folder (0600) for the operator's tools: where its database answers, and which process it is. */
export type RunFile = { readonly pid: number; readonly dbUrl: string; readonly busUrl: string; readonly runtimeDir: string }
const fileOf = (dataDir: string) => join(dataDir, 'running.json')

export const writeRunFile = (dataDir: string, content: RunFile) => writeFile(fileOf(dataDir), JSON.stringify(content), { mode: 0o600 })
export const removeRunFile = (dataDir: string) => rm(fileOf(dataDir), { force: true })

/** @returns undefined when no arena has run here, or the last one ended in order. */
export async function readRunFile(dataDir: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(dataDir), 'utf8')) as RunFile
  } catch {
    return undefined // absent, or cut short by a crash: the next start writes a new one
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
