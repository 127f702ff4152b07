import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** `rm` never follows links, and nothing runs in the box any more that could swap one in. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) await rm(join(folder, name), { recursive: true, force: true })
}
