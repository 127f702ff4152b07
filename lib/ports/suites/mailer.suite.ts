import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Mailer } from '#ports/mailer'

/** `sent` gives the mails that reached the next hop, as raw text (RFC 5322). */
export type MailerSubject = { readonly mailer: Mailer; sent(): Promise<string[]> }

export const mailerSuite = (name: string, open: () => Promise<MailerSubject>) =>
  describe(`${name} keeps the Mailer promise`, () => {
    let subject: MailerSubject
    before(async () => {
      subject = await open()
    })
    const mailsWith = async (text: string) => (await subject.sent()).filter((mail) => mail.includes(text))

    it('hands on receiver, subject and both bodies', async () => {
      await subject.mailer.send('welcome-1', { to: 'aline@example.rw', subject: 'Welcome', text: 'plain words', html: '<p>rich words</p>' })
      const [mail = ''] = await mailsWith('welcome-1')
      for (const part of ['To: aline@example.rw', 'Subject: Welcome', 'plain words', '<p>rich words</p>', 'Message-ID: <welcome-1@'])
        assert.ok(mail.includes(part), part)
    })

    it('a repeated send of one id can be told by its Message-ID', async () => {
      const mail = { to: 'eric@example.rw', subject: 'Once', text: 'only once' }
      await subject.mailer.send('once-1', mail)
      await subject.mailer.send('once-1', mail)
      const ids = new Set((await mailsWith('only once')).map((raw) => /^Message-ID: .*$/m.exec(raw)?.[0]))
      assert.equal(ids.size, 1)
    })

    it('a line break in a subject or a receiver adds no header', async () => {
      await subject.mailer.send('inject-1', { to: 'a@example.rw', subject: 'Hi\r\nBcc: everybody@example.rw', text: 'inject' })
      const [mail = ''] = await mailsWith('inject-1')
      assert.doesNotMatch(mail, /^Bcc:/m)
    })

    it('what must come before the hand-over is waited for; when it fails, nothing goes out', async () => {
      const mail = { to: 'a@example.rw', subject: 'Before', text: 'handed over' }
      let before = -1
      await subject.mailer.send('before-1', mail, async () => {
        before = (await mailsWith('handed over')).length
      })
      assert.deepEqual([before, (await mailsWith('handed over')).length], [0, 1])
      const fault = new Error('not now')
      await assert.rejects(
        subject.mailer.send('before-2', mail, () => Promise.reject(fault)),
        fault,
      )
      assert.equal((await mailsWith('handed over')).length, 1)
    })

    it('any text may be an id', async () => {
      await subject.mailer.send('../../../tmp/evil id', { to: 'a@example.rw', subject: 'Odd', text: 'odd id' })
      assert.equal((await mailsWith('odd id')).length, 1)
    })
  })
