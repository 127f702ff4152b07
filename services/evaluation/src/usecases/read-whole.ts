import { readFile } from 'node:fs/promises'
import type { Held } from '../test-data.ts'

/** A blob in memory, whatever its size: for what enters a box as a file. */
export const readWhole = async ({ content, path }: Pick<Held, 'content' | 'path'>): Promise<Uint8Array> => content ?? (await readFile(path))
