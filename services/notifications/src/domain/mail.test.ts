import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instant } from '#kernel/time'
import { type DueMail, decideMail, delayAfter, maxFailures, pauseAfter } from './mail.ts'
import { type MailParams, preferenceOf, type Template } from './mail-kinds.ts'
import { linkOf, parseUnsubscribeToken, unsubscribeText } from './mail-links.ts'
import { fieldsOf, type Letter, languages, renderMail } from './mail-render.ts'
import { en } from './mail-templates/en.ts'

const userId = '0198a1b2-0000-7000-8000-000000000001'
const contestId = '0198a1b2-0000-7000-8000-000000000002'
const receipt = {
  number: 12,
  planName: 'Premium',
  amount: 1_234_500,
  currency: 'RWF',
  periodStartsAt: '2026-03-01T09:00:00Z',
  periodEndsAt: '2026-04-01T09:00:00Z',
  reference: 'CA-7Q2X',
} as const
const renewal = { planName: 'Premium', amount: 1500, currency: 'USD', endsAt: '2026-04-01T09:00:00Z', openUntil: '2026-04-08T09:00:00Z' } as const
const contest = { contestId, title: 'Kigali Open', startsAt: '2026-03-02T21:59:00Z' }
const account = { expiresAt: '2026-03-01T22:30:00Z' }
/** One of each kind: a new kind does not compile until it is here. */
const samples: { readonly [T in Template]: MailParams[T] } = {
  welcome: account,
  'verify-email': account,
  'reset-password': account,
  'contest-tomorrow': contest,
  'contest-soon': contest,
  'contest-result': { contestId, title: 'Kigali Open', format: 'icpc', rank: 3, total: 120, score: 4, solved: 4, problemCount: 7 },
  receipt,
  'credit-note': { ...receipt, of: 9 },
  'renewal-due': renewal,
  'renewal-late': renewal,
  'subscription-over': { planName: 'Premium' },
}
const templates = Object.keys(samples) as Template[]
const render = <T extends Template>(template: T, language: string, more: { params?: MailParams[T]; name?: string } = {}): Letter =>
  renderMail({
    template,
    params: more.params ?? samples[template],
    language,
    name: more.name ?? 'Uwase',
    link: linkOf('https://arena.example.rw', { template, params: samples[template], token: 'sEcReT' }),
    unsubscribeLink: preferenceOf[template] === null ? undefined : 'https://arena.example.rw/unsubscribe?token=t',
    host: 'arena.example.rw',
  })
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)

test('every mail can be written in every language: nothing is missing, nothing is left over, nobody reads another language', () => {
  for (const template of templates) {
    const wanted = new Set(Object.keys(fieldsOf({ template, params: samples[template] }, en)))
    for (const [language, texts] of Object.entries(languages)) {
      const { subject, heading, blocks, button } = texts.mails[template]
      const used = new Set([subject, heading, ...blocks, button].flatMap(placeholders))
      assert.deepEqual([...used].sort(), [...wanted].sort(), `${template} in ${language} uses what there is, and all of it`)
      const letter = render(template, language)
      for (const part of [letter.subject, letter.text, letter.html]) assert.doesNotMatch(part, /\{\w+\}|undefined|NaN|\[object/, `${template} ${language}`)
      if (language !== 'en') assert.notDeepEqual(texts.mails[template], en.mails[template], `${template} in ${language} is not English`)
    }
  }
  const [keys, ...others] = Object.values(languages).map((texts) => Object.keys(texts).sort())
  for (const other of others) assert.deepEqual(other, keys)
})

test('text and HTML say the same, with one button and the way out', () => {
  const { subject, text, html } = render('contest-soon', 'en')
  assert.equal(subject, 'Starting soon: Kigali Open')
  for (const said of [
    'Hello Uwase,',
    'on Monday 2 March 2026 at 23:59 (Kigali time, UTC+2)',
    `https://arena.example.rw/contests/${contestId}`,
    'unsubscribe?token=t',
  ])
    for (const part of [text, html]) assert.ok(part.includes(said), `${said} in ${part}`)
  assert.equal(html.match(/display:inline-block/g)?.length, 1)
  assert.doesNotMatch(html, /<img|<script|<link|url\(|@import/)
  assert.doesNotMatch(render('reset-password', 'en').text, /unsubscribe/)
})

test('times are those of Kigali, in the words of the language', () => {
  assert.match(render('contest-soon', 'fr').text, /le lundi 2 mars 2026 à 23 h 59 \(heure de Kigali, UTC\+2\)/)
  assert.match(render('contest-soon', 'rw').text, /ku wa Mbere, tariki ya 2 Werurwe 2026, saa 23:59 \(isaha y’i Kigali, UTC\+2\)/)
  assert.match(render('reset-password', 'en').text, /Monday 2 March 2026 at 00:30/, 'after midnight it is the next day')
})

test('money is written as it is counted, by the language', () => {
  assert.match(render('receipt', 'en').text, /1,234,500 RWF/)
  assert.match(render('receipt', 'rw').text, /1\.234\.500 RWF/)
  assert.match(render('renewal-due', 'en').text, /15\.00 USD/)
  assert.match(render('renewal-due', 'fr').text, /15,00 USD/)
})

test('a language that is not known reads English', () => {
  assert.deepEqual(render('welcome', 'sw'), render('welcome', 'en'))
  assert.deepEqual(render('welcome', 'constructor'), render('welcome', 'en'))
})

test('what users wrote adds no line, no markup and no direction', () => {
  const evil = 'A <b>"x"</b>\r\nBcc: all@example.org\u202e & <script>'
  const { subject, text, html } = render('contest-soon', 'en', { params: { ...contest, title: evil }, name: 'Eve\n\nPay here' })
  assert.doesNotMatch(subject, /[\r\n\u202e]/)
  assert.doesNotMatch(text, /^Bcc:/m)
  assert.doesNotMatch(html, /<script>|<b>/)
  assert.match(html, /A &lt;b&gt;&quot;x&quot;&lt;\/b&gt; Bcc/)
  assert.match(text, /^Hello Eve Pay here,$/m)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (title, name) => {
      const letter = render('contest-soon', 'en', { params: { ...contest, title }, name })
      const clean = render('contest-soon', 'en', { params: { ...contest, title: 'x' }, name: 'x' })
      assert.equal(letter.text.split('\n').length, clean.text.split('\n').length)
      assert.equal(letter.html.match(/<[a-z/!]/g)?.length, clean.html.match(/<[a-z/!]/g)?.length)
      assert.doesNotMatch(letter.subject, /[\r\n]/)
    }),
  )
})

test('nobody can have words of their own mailed to a stranger as a name', () => {
  for (const name of [
    'Win at http://evil.example',
    'www.evil',
    'evil.example.com',
    'me@evil.example',
    'x'.repeat(61),
    ' \n ',
    'Win at casino777.com',
    't.co',
    'evil-.rw',
    'go to 10.0.0.7',
    'evil\u3002com',
    'evil\uff0ecom',
    'evil. com\u00ad.rw',
    'a.xn--p1ai',
  ])
    assert.match(render('welcome', 'en', { name }).text, /^Hello,$/m, name)
  for (const name of ['J.P. Habimana', 'Uwase Aline', 'Dr. N’Dour']) assert.ok(render('welcome', 'en', { name }).text.includes(`Hello ${name},`), name)
})

test('a mail that lacks a field is not written', () => {
  assert.throws(() => render('contest-soon', 'en', { params: { contestId, title: 'x' } as MailParams['contest-soon'] }), /a time that is none/)
  assert.throws(() =>
    renderMail({ template: 'subscription-over', params: {} as never, language: 'en', name: '', link: '', unsubscribeLink: undefined, host: '' }),
  )
})

test('a secret stands in the fragment of its link', () => {
  for (const [template, path] of [
    ['welcome', '/verify-email'],
    ['verify-email', '/verify-email'],
    ['reset-password', '/reset-password'],
  ] as const)
    assert.equal(linkOf('https://a.rw', { template, params: account, token: 'T-_' }), `https://a.rw${path}#T-_`)
})

test('only what names a user and a kind can be a token of unsubscribing', () => {
  assert.deepEqual(parseUnsubscribeToken(`${unsubscribeText(userId, 'results')}.sig`), { userId, kind: 'results', signature: 'sig' })
  for (const wrong of ['', '..', `${userId}.account.sig`, `${userId}.toString.sig`, `${userId}.results.a.b`, `x.results.sig`])
    assert.equal(parseUnsubscribeToken(wrong), undefined, wrong)
})

const user = { email: 'a@example.rw', isProven: true, isDisabled: false }
const due = (more: Partial<DueMail> = {}): DueMail => ({ template: 'receipt', recipient: null, expiresAt: undefined, user, off: [], ...more })
const now = instant(1_000)

test('a mail goes to the address that its user has now, if that is proven and the kind is wanted', () => {
  assert.deepEqual(decideMail(due(), now), { what: 'send', template: 'receipt', to: 'a@example.rw' })
  assert.deepEqual(decideMail(due({ off: ['reminders'] }), now), { what: 'send', template: 'receipt', to: 'a@example.rw' })
  for (const not of [
    { off: ['receipts'] },
    { user: { ...user, isProven: false } },
    { user: { ...user, email: null } },
    { user: { ...user, isDisabled: true } },
  ]) {
    const decided = decideMail(due(not), now)
    assert.equal(decided.what === 'drop' && decided.state, 'not-wanted', JSON.stringify(not))
  }
  assert.deepEqual(decideMail(due({ user: undefined }), now), { what: 'wait' })
})
test('account mail goes where it was asked to, proven or not, and cannot be turned off', () => {
  const asked = due({ template: 'reset-password', recipient: 'b@example.rw', off: ['reminders', 'results', 'receipts'] })
  for (const known of [undefined, { ...user, isProven: false }, user])
    assert.deepEqual(decideMail({ ...asked, user: known }, now), { what: 'send', template: 'reset-password', to: 'b@example.rw' })
  assert.equal(decideMail({ ...asked, user: { ...user, isDisabled: true } }, now).what, 'drop')
})
test('what comes too late is not sent, nor what nobody can write', () => {
  assert.equal(decideMail(due({ expiresAt: instant(1_001) }), now).what, 'send')
  for (const not of [{ expiresAt: now }, { template: 'gone' }, { template: 'toString' }])
    assert.equal(decideMail(due(not), now).what, 'drop', JSON.stringify(not))
})

test('a mail that fails is tried twelve times, longer apart each time, over about eight hours', () => {
  const delays = Array.from({ length: maxFailures }, (_, n) => delayAfter(n + 1))
  assert.equal(delays.pop(), undefined)
  assert.deepEqual(
    [...delays].sort((a, b) => Number(a) - Number(b)),
    delays,
  )
  const hours = delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0) / 3_600_000
  assert.ok(hours > 7 && hours < 9, `${hours} h`)
})
test('a mail server that is away is asked every five minutes at the least', () => {
  assert.deepEqual([1, 2, 3, 20, 2_000].map(pauseAfter), [5_000, 10_000, 20_000, 300_000, 300_000])
})
