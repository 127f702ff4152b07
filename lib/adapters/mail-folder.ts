import { randomUUID } from 'node:crypto'
import { access, mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { type KeptMail, type KeptMails, type Mailer, MailFailure } from '#ports/mailer'
import { composeMail, parseSender, plainId } from './mail-message.ts'

/**
 * Mail as .eml files in a folder (0600, any mail program opens them), for a machine without a mail server. The file's name comes from the mail's
 * id, so a repeated send changes nothing.
 * @throws when `from` is no sender.
 */
export async function openFolderMailer(folder: string, { from = 'Competa Arena <arena@localhost>' } = {}): Promise<Mailer> {
  const sender = parseSender(from)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return {
    atOnce: 2,
    kept: keptIn(folder),
    async send(id, mail, beforeHandOver) {
      const path = join(folder, `${plainId(id)}.eml`)
      if (await isThere(path)) return
      const content = await composeMail(id, mail, sender)
      await beforeHandOver?.()
      await writeWhole(folder, path, content).catch((cause: Error) => {
        throw new MailFailure('unreachable', `the mail folder takes no file: ${cause.message}`, { cause })
      })
    },
    close: () => Promise.resolve(),
  }
}

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

/** Files that vanish meanwhile are left out. */
function keptIn(folder: string): KeptMails {
  return {
    async list(limit) {
      const names = (await readdir(folder)).filter((name) => mailName.test(name))
      const files = await Promise.all(names.map(async (name) => ({ name, at: await changedAt(join(folder, name)) })))
      const newest = files.sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1)).slice(0, limit)
      const mails: KeptMail[] = []
      for (const { name } of newest) {
        const mail = await read(folder, name.slice(0, -suffix.length))
        if (mail) mails.push({ name: mail.name, to: mail.to, subject: mail.subject, at: mail.at })
      }
      return mails
    },
    read: (name) => (mailName.test(`${name}${suffix}`) ? read(folder, name) : Promise.resolve(undefined)),
  }
}
const suffix = '.eml'
const mailName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.eml$/

const changedAt = (path: string) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )

async function read(folder: string, name: string) {
  const path = join(folder, `${name}${suffix}`)
  const raw = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw cause
  })
  if (raw === undefined) return undefined
  const { to, subject, text, html } = await PostalMime.parse(raw)
  return {
    name,
    to: to?.map(({ address }) => address).join(', ') ?? '',
    subject: subject ?? '',
    at: new Date(await changedAt(path)).toISOString(),
    text: text ?? '',
    ...(html === undefined ? {} : { html }),
  }
}
