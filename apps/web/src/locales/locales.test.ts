/** The three languages say the same things, and nothing is left over or left out. `docs/i18n.md` says how to add a text, a family of texts, a language. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Audience, Currency, PaymentMethod, PaymentStatus, ProviderName } from '#contracts/billing'
import { CompareKind, ContestFormat, Detail, Feedback, Lane, ProblemKind, Role, Scoring, Subject, TestVerdict, Timing, Verdict } from '#contracts/common'
import { errorTable, timesRules } from '#contracts/errors'
import { JudgingMode } from '#contracts/judging'
import { MailKind, NotificationCode, NotificationTopic } from '#contracts/notifications'
import { PackageFormat } from '#contracts/packages'
import { RejudgingState } from '#contracts/rejudging'
import { RunEnding } from '#contracts/runs'
import { VerificationProblem, VerificationState, VerifiedSolution } from '#contracts/verification'
import { pluralInKinyarwanda } from '../lib/kinyarwanda.ts'
import { languages } from '../lib/languages.ts'
import en from './en.json' with { type: 'json' }
import fr from './fr.json' with { type: 'json' }
import rw from './rw.json' with { type: 'json' }

type Tree = { readonly [key: string]: string | Tree }
const flat = (tree: Tree, before = ''): (readonly [string, string])[] =>
  Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[before + key, value] as const] : flat(value, `${before}${key}.`)))
const english = new Map(flat(en))
const others = { fr: new Map(flat(fr)), rw: new Map(flat(rw)) }
const all = { en: english, ...others }

const formOf = /_(zero|one|two|few|many|other)$/
/** `home.problems` of `home.problems_one`. */
const baseOf = (key: string) => (english.has(key.replace(formOf, '_other')) ? key.replace(formOf, '') : key)
const basesOf = (texts: ReadonlyMap<string, string>) => new Set([...texts.keys()].map(baseOf))
const formsOf = (texts: ReadonlyMap<string, string>, base: string) =>
  [...texts.keys()].filter((key) => formOf.test(key) && baseOf(key) === base).map((key) => key.slice(base.length + 1))
const plurals = [...english.keys()].filter((key) => key.endsWith('_other')).map((key) => key.replace(formOf, ''))
const placeholders = (text: string) => [...new Set(text.match(/\{\{[^}]*\}\}/g))].sort()
const nothing = (found: readonly string[]) => assert.deepEqual(found, [])

/** What may read like English, and why. Ends in `*`: all that begins so. */
const sameAsEnglish: Readonly<Record<'fr' | 'rw', Readonly<Record<string, string>>>> = {
  fr: {
    'import.verification.solution': 'the French word',
    'language.*': 'each language is named in itself',
    'shell.menu': 'the French word',
    'shell.messages': 'the French word',
    'shell.api': 'a name',
    'format.points': 'the French word',
    'inbox.title': 'the French word',
    'inbox.button': 'the French word',
    'contest.points_*': 'the French word',
    'home.participants_*': 'the French word',
    'profile.email': 'the French word',
    'solve.lastVerdict': 'the French word',
    'room.editor.binding.*': 'names of programs',
    'why.points': 'the French word',
    'submission.verdict': 'the French word',
    'submission.tests': 'the French word',
    'submission.test': 'the French word',
    'submission.testCount_*': 'the French word',
    'submission.source': 'the French word',
    'board.points': 'the French word',
    'board.pointsShort': 'short for the French word',
    'board.cell.score_*': 'the French word',
    'contestForm.description': 'the French word',
    'contestForm.points': 'the French word',
    'contestForm.auto': 'short for the French word',
    'contestForm.premium': 'the French word',
    'monitor.status.absent': 'the French word',
    'premium.badge': 'the French word',
    'rejudging.participant': 'the French word',
    'billing.currencies.EUR': 'the French word',
    'billing.method.mobile-money': 'a name in Rwanda',
    'billing.provider.*': 'names of companies',
    'billingAdmin.seats': 'the French word',
    'billingAdmin.description': 'the French word',
  },
  rw: {
    'room.editor.binding.*': 'names of programs',
    'language.*': 'each language is named in itself',
    'shell.api': 'a name',
    'billing.method.mobile-money': 'a name in Rwanda',
    'billing.provider.*': 'names of companies',
  },
}
const allows = (pattern: string, key: string) => (pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern)
/** Words to read, once names in braces, numbers and signs are taken away. */
const hasWords = (text: string) => /\p{L}{2}/u.test(text.replace(/\{\{[^}]*\}\}/g, ''))

test('every language of the account has its texts', () => assert.deepEqual(Object.keys(all).sort(), [...languages].sort()))

for (const [language, texts] of Object.entries(others) as ['fr' | 'rw', ReadonlyMap<string, string>][]) {
  test(`${language}: each text of English is there, and no other`, () => {
    const [ours, theirs] = [basesOf(texts), basesOf(english)]
    nothing([...theirs].filter((key) => !ours.has(key)).map((key) => `missing: ${key}`))
    nothing([...ours].filter((key) => !theirs.has(key)).map((key) => `left over: ${key}`))
  })

  test(`${language}: nothing is left in English`, () => {
    const allowed = Object.keys(sameAsEnglish[language])
    const same = [...texts].filter(([key, text]) => text === english.get(key) && hasWords(text)).map(([key]) => key)
    nothing(same.filter((key) => !allowed.some((pattern) => allows(pattern, key))))
    nothing(allowed.filter((pattern) => !same.some((key) => allows(pattern, key))).map((pattern) => `allowed for nothing: ${pattern}`))
  })

  test(`${language}: texts are filled with what English is filled with`, () => {
    const wrong = [...texts].filter(([key, text]) => {
      const model = english.get(formOf.test(key) && baseOf(key) !== key ? `${baseOf(key)}_other` : key) ?? ''
      // `one` is one thing and may say so in words; in French it is nothing as well, and must say the number.
      const mayBeWithoutCount = key.endsWith('_one') && language !== 'fr' && !text.includes('{{count}}')
      const wanted = placeholders(model).filter((name) => !(mayBeWithoutCount && name === '{{count}}'))
      return placeholders(text).join() !== wanted.join()
    })
    nothing(wrong.map(([key, text]) => `${key}: ${text}`))
  })
}

test('each language has the plural forms that the browser will ask for, no fewer and no more', () => {
  assert.ok(plurals.length > 20)
  const rules = { en: new Intl.PluralRules('en'), fr: new Intl.PluralRules('fr'), rw: pluralInKinyarwanda }
  for (const language of languages) {
    const asked = [...rules[language].resolvedOptions().pluralCategories].sort()
    nothing(plurals.filter((base) => formsOf(all[language], base).sort().join() !== asked.join()).map((base) => `${language}: ${base}`))
  }
})

test('no text is empty, begins or ends with a blank, or holds a tag', () => {
  for (const [language, texts] of Object.entries(all))
    nothing([...texts].filter(([, text]) => text === '' || text !== text.trim() || /<\/?[a-z]/i.test(text)).map(([key]) => `${language}: ${key}`))
})

test('signs are those of print: apostrophes are round, and French puts a blank that does not break before : ; ! ? % » and behind «', () => {
  for (const [language, texts] of Object.entries(all)) nothing([...texts].filter(([, text]) => /\p{L}'\p{L}/u.test(text)).map(([key]) => `${language}: ${key}`))
  nothing([...others.fr].filter(([, text]) => /[^\u00a0][:;!?%»](?:\s|$)|«[^\u00a0]/.test(text)).map(([key, text]) => `${key}: ${text}`))
})

const among = (schema: { readonly enum: readonly string[] }): readonly string[] => schema.enum
const planNumbers = ['periodMonths', 'trialDays', 'graceDays', 'seats']
/** A run that exited is told by its exit code; the rest by how it ended (features/solve/try-run.ts). */
const runSaid = ['finished', 'exitCode', 'fault', ...among(RunEnding).filter((ending) => ending !== 'exited')]

/** Keys that the sources put together, `own.*` for t(`own.${state.status}`), with all that can stand for the star. */
const dynamicKeys: Readonly<Record<string, readonly string[]>> = {
  'admin.figure.*': ['connections', 'busy', 'waiting', 'unpublished', 'oldestSeconds', 'unjudged', 'oldestUnjudgedSeconds', 'open'],
  'admin.laneName.*': among(Lane),
  'admin.laneWhy.*': ['idle', 'atWork', 'soon', 'noJudge', 'others', 'full'],
  'admin.state.*': ['ok', 'degraded', 'down'],
  'billing.currencies.*': among(Currency),
  'billing.for.*': among(Audience),
  'billing.method.*': among(PaymentMethod),
  'billing.methodHow.*': among(PaymentMethod),
  'billing.provider.*': among(ProviderName),
  'billing.status.*': ['pending', 'trialing', 'active', 'grace', 'expired', 'cancelled'],
  'billing.words.*': ['trialing', 'active', 'expired', 'cancelled'],
  'billingAdmin.*': planNumbers,
  'billingAdmin.*Hint': planNumbers,
  'billingAdmin.entryKind.*': ['payment', 'refund', 'application'],
  'billingAdmin.paymentStatus.*': among(PaymentStatus),
  'billingAdmin.wrong.*': ['nameMissing', 'featuresLong', 'numberBad', 'priceBad', 'priceMissing'],
  'contestForm.feedbackKind.*': among(Feedback),
  'contestForm.formatHint.*': among(ContestFormat),
  'contestForm.detailKind.*': among(Detail),
  'contestForm.feedbackHint.*': among(Feedback),
  'contestForm.quickTime.*': ['lesson', 'tomorrow', 'saturday'],
  'contestForm.say.*': ['untimed', 'timeless', 'noProblems', 'resultsNow', 'resultsLater', 'premium', 'free'],
  'contestForm.scoringKind.*': among(Scoring),
  'contestForm.step.*': ['what', 'when', 'problems', 'rules'],
  'contestForm.timingHint.*': among(Timing),
  'contestForm.wrong.*': [
    ...['titleMissing', 'startMissing', 'endMissing', 'endBeforeStart', 'endInPast', 'durationBad', 'durationLong', 'labelBad', 'labelTwice', 'placeBad'],
    ...['freezeBad', 'freezeLong', 'penaltyBad', 'feedbackNeedsEnd'],
  ],
  'countdown.*': ['startsIn', 'endsIn', 'myEndsIn'],
  'design.tone.*': ['plain', 'primary', 'danger', 'quiet'],
  'errors.*': [...Object.keys(errorTable), 'NETWORK'],
  'format.*': among(ContestFormat),
  'import.checker.*': ['default', 'kattis', 'testlib'],
  'import.format.*': among(PackageFormat),
  'import.mode.*': among(JudgingMode),
  'import.verification.state.*': among(VerificationState),
  'import.verification.problem.*': among(VerificationProblem.properties.kind),
  'import.verification.solutionState.*': among(VerifiedSolution.properties.state),
  'kind.*': among(ProblemKind),
  'problem.compareKind.*': among(CompareKind),
  'language.*': ['en', 'rw', 'fr'],
  'look.sizes.*': ['normal', 'large', 'larger'],
  'live.*': ['off', 'connecting', 'ready', 'waiting'],
  'mail.kind.*': among(MailKind),
  'monitor.fileKind.*': ['xlsx', 'comma', 'semicolon', 'tab'],
  'monitor.status.*': ['all', 'stuck', 'absent', 'slow', 'working', 'done'],
  'messages.topic.*': among(NotificationTopic),
  'own.*': ['untouched', 'pending', 'tried', 'partial', 'solved', 'held'],
  'phase.*': ['scheduled', 'running', 'frozen', 'ended', 'untimed'],
  'problem.formula.*': ['power', 'index', 'fraction', 'root', 'unit', 'times', 'greek', 'ownLine', 'bold'],
  'problem.wrong.*': [
    ...['titleMissing', 'statementMissing', 'optionEmpty', 'optionsFew', 'optionsAlike', 'correctMissing', 'correctMany', 'answerBad', 'absoluteBad'],
    ...['relativeBad', 'cpuBad', 'memoryBad', 'toleranceBad', 'testsMissing'],
  ],
  'projector.news.*': ['solved', 'first', 'better', 'lead', 'tried'],
  // A kind or stage of its own goes before the usual text, and a short text stands in where a parameter is missing (lib/error-text.ts).
  'push.*': [
    ...among(NotificationCode),
    'RECEIPT_ISSUED_credit-note',
    'RENEWAL_DUE_grace',
    'SUBMISSION_JUDGED_short',
    'SUBMISSION_FAULT_short',
    'PROBLEM_FAULT_short',
    'CONTEST_RESULT_short',
  ],
  'quiz.state.*': ['empty', 'started', 'ready', 'sent', 'spent', 'solved'],
  'rejudging.figure.*': ['rank', 'score', 'penalty'],
  'rejudging.state.*': among(RejudgingState),
  'rejudging.versionHint.*': ['current', 'same'],
  'rejudging.versionKind.*': ['current', 'same'],
  'rejudging.wrong.*': ['reasonMissing', 'spanBad'],
  'room.editor.binding.*': ['default', 'vim', 'emacs'],
  'room.keys.*': ['run', 'submit', 'find', 'comment', 'leave', 'tabMode'],
  'why.crash.*': ['memory', 'arithmetic', 'abort', 'killed', 'exitCode', 'forbidden', 'signal'],
  'why.means.*': [...among(Verdict).filter((verdict) => verdict !== 'AC'), 'answerWA'],
  'why.next.*': [...among(Verdict).filter((verdict) => verdict !== 'AC'), 'answerWA'],
  'register.*': ['nameMissing', 'loginBad', 'passwordShort'],
  'role.*': among(Role),
  'sandbox.status.*': ['paid', 'refused', 'refunded'],
  'status.*': ['queued', 'running', 'judged', 'fault', 'held'],
  'subject.*': among(Subject),
  'teach.contestState.*': ['all', 'running', 'coming', 'past', 'archived'],
  'teach.contestRemoved.*': ['deleted', 'archived'],
  'theme.*': ['system', 'light', 'dark'],
  'timesRule.*': Object.keys(timesRules),
  'timing.*': among(Timing),
  'try.end.*': runSaid,
  'try.why.*': runSaid.filter((said) => said !== 'finished' && said !== 'compileFailed'),
  'verdict.*': [...new Set([...among(Verdict), ...among(TestVerdict)])],
}

const sources = globSync(join(import.meta.dirname, '..', '**', '*.{ts,tsx}'))
  .filter((file) => !file.includes('.test.') && !file.includes('locales'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')
/** `t('a.b')`, either arm of `t(isIt ? 'a.b' : 'a.c')`, and keys in tables. What only looks like a key (`'submission.judged'`) is no harm here. */
const literal = new Set([...sources.matchAll(/'([a-zA-Z]+(?:\.[\w-]+)+)'/g)].map((match) => match[1] ?? ''))
/** `own.*` of t(`own.${state}`). */
const families = new Set([...sources.matchAll(/\b(?:t|template)\(\s*`([^`]+)`/g)].map((match) => (match[1] ?? '').replace(/\$\{[^}]*\}/g, '*')))
const dynamic = Object.entries(dynamicKeys).flatMap(([family, members]) => members.map((member) => family.replace('*', member)))

test('keys that are put together in the sources are declared above, and no others are', () => {
  assert.deepEqual([...families].filter((family) => /^\w+\./.test(family)).sort(), Object.keys(dynamicKeys).sort())
  const there = basesOf(english)
  nothing(dynamic.filter((key) => !there.has(key)).map((key) => `missing: ${key}`))
})

test('every text is used, and every text used is there', () => {
  const used = new Set([...literal, ...dynamic])
  nothing([...basesOf(english)].filter((key) => !used.has(key)).map((key) => `unused: ${key}`))
  const called = [...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '')
  assert.ok(called.length > 300, 'the pattern finds calls')
  const there = basesOf(english)
  nothing(called.filter((key) => !there.has(key)).map((key) => `missing: ${key}`))
})
