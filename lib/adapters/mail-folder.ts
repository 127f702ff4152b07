import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Mailer } from '#ports/mailer'

/**
 * Mail as .eml files in a folder (0600, any mail program opens them), for a machine without a mail server. The file's name comes from the mail's
 * id, so a repeated send changes nothing.
 */
export async function openFolderMailer(folder: string, { from = 'Competa Arena <arena@localhost>' } = {}): Promise<Mailer> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows', disableFileAccess: true, disableUrlAccess: true })
  return {
    send: async (id, mail) => {
      const name = fileNameOf(id)
      const path = join(folder, `${name}.eml`)
      if (await isThere(path)) return
      const { message } = await transport.sendMail({ ...mail, from, messageId: `<${name}@competa-arena>` })
      if (!Buffer.isBuffer(message)) throw new Error('the mail was not composed')
      await writeWhole(folder, path, message)
    },
  }
}

/** An id that is a plain file name is its own; any other is hashed. */
const fileNameOf = (id: string) => (/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(id) ? id : createHash('sha256').update(id).digest('hex'))

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

async function writeWhole(folder: string, path: string, content: Buffer): Promise<void> {
  const half = join(folder, `.${randomUUID()}`)
  const file = await open(half, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(half, path)
}
