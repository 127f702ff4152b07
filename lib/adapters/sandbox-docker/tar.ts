/** A tar archive (ustar) of regular files, the same bytes for the same files: no times, no owners but root. */
export type TarFile = {
  /** Relative path, at most 100 bytes. */
  readonly path: string
  readonly content: Uint8Array
  readonly isExecutable?: boolean
}

const block = 512

export function tarOf(files: readonly TarFile[]): Buffer {
  const parts = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).flatMap((file) => [headerOf(file), file.content, padding(file.content.length)])
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

const padding = (size: number) => Buffer.alloc((block - (size % block)) % block)

function headerOf({ path, content, isExecutable }: TarFile): Buffer {
  if (path.startsWith('/') || path.split('/').includes('..') || Buffer.byteLength(path) > 100) throw new Error(`${path} cannot be put into an archive`)
  const header = Buffer.alloc(block)
  const octal = (value: number, at: number, size: number) => header.write(`${value.toString(8).padStart(size - 1, '0')}\0`, at, 'latin1')
  header.write(path, 0, 'utf8')
  octal(isExecutable ? 0o755 : 0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(content.length, 124, 12)
  octal(0, 136, 12)
  header.write('        0', 148, 'latin1') // while it is summed, the checksum counts as spaces; then the type: a regular file
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}
