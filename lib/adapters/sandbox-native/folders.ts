import { existsSync, readdirSync } from 'node:fs'
import { rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Most is plain files, and `rm` makes four trips to the kernel for what is one. `rm` never follows links, and nothing runs in the box any more that could swap one in. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name)
    await unlink(path).catch(() => rm(path, { recursive: true, force: true }))
  }
}
