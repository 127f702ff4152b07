import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProblemSummary } from '#contracts/contest'
import { isInLanguage, shownTags } from '../../lib/problem-language.ts'
import { ideasFor } from './ideas-for.ts'

const problem = (id: string, subject: ProblemSummary['subject'], tags: string[] = []): ProblemSummary => ({
  ...{ id, subject, tags, ownerId: 'o', kind: 'choice', title: id, public: true, version: 1, updatedAt: '2026-01-01T00:00:00Z' },
})
const ideas = (problems: ProblemSummary[], solved: string[] = [], language = 'en') => ideasFor(problems, { solved, language }).map(({ id }) => id)

test('subjects take turns, and what is solved is no idea', () => {
  const all = [problem('p1', 'physics'), problem('p2', 'physics'), problem('p3', 'physics'), problem('m1', 'mathematics'), problem('c1', 'computer-science')]
  assert.deepEqual(ideas(all), ['p1', 'm1', 'c1', 'p2'])
  assert.deepEqual(ideas(all, ['p1', 'm1']), ['p2', 'c1', 'p3'])
  assert.deepEqual(ideas(all, ['p1', 'p2', 'p3', 'm1', 'c1']), [])
})
test('a problem in another language is for its readers', () => {
  const all = [problem('rw', 'physics', ['language-rw']), problem('en', 'physics', ['language-en', 'motion']), problem('any', 'physics')]
  assert.deepEqual(
    [ideas(all), ideas(all, [], 'rw')],
    [
      ['en', 'any'],
      ['rw', 'any'],
    ],
  )
  assert.equal(isInLanguage(['language-rw', 'language-fr'], 'fr'), true)
  assert.deepEqual(shownTags(['sample', 'language-en', 'motion']), ['motion'])
})
