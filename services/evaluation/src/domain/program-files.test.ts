import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type LanguageSpec, languageById } from '#contracts/languages'
import { aloneIn, type ProgramFiles, withGrader, withOthers } from './program-files.ts'

const language = (id: string): LanguageSpec => languageById(id) ?? assert.fail(id)
const file = (name: string, text = '') => ({ name, content: Buffer.from(text) })
const shape = (made: ProgramFiles | { readonly refusal: string }) =>
  'refusal' in made ? made : { names: made.files.map(({ name }) => name), compiled: made.compiled, checked: made.checked }

it('one file has the name that its language gives', () => {
  assert.deepEqual(shape(aloneIn(language('cpp'), '')), { names: ['main.cpp'], compiled: ['main.cpp'], checked: 'main.cpp' })
  assert.ok('refusal' in aloneIn(language('java'), 'no class'))
})
it('of an author’s files the first has main; those of the language are compiled together, the others lie beside', () => {
  const files = [file('validate.cc'), file('scan.cpp'), file('scan.h'), file('words.txt'), file('main.cpp')]
  assert.deepEqual(shape(withOthers(language('cpp20'), files)), {
    names: ['main.cpp', 'scan.cpp', 'scan.h', 'words.txt'],
    compiled: ['main.cpp', 'scan.cpp'],
    checked: 'main.cpp',
  })
  assert.deepEqual(shape(withOthers(language('python'), [file('v.py'), file('w.py')])), {
    names: ['main.py', 'w.py'],
    compiled: ['main.py'],
    checked: 'main.py',
  })
  const java = withOthers(language('java'), [file('x.java', 'public class Check { public static void main(String[] a) {} }'), file('Rule.java')])
  assert.deepEqual(shape(java), { names: ['Check.java', 'Rule.java'], compiled: ['Check.java', 'Rule.java'], checked: 'Check.java' })
})
it('a participant’s file goes by one name beside the grader, and is the one that is checked', () => {
  const grader = [file('grader.cpp', 'g'), file('api.h'), file('solution.cpp', 'an example')]
  const made = withGrader(language('cpp'), 'mine', grader)
  assert.deepEqual(shape(made), { names: ['main.cpp', 'solution.cpp', 'api.h'], compiled: ['main.cpp', 'solution.cpp'], checked: 'solution.cpp' })
  assert.ok('files' in made)
  assert.deepEqual(made.files.slice(0, 2).map(({ content }) => Buffer.from(content).toString()), ['g', 'mine']) // biome-ignore format: one line
  assert.deepEqual(shape(withGrader(language('python'), '', [file('g.py')])), {
    names: ['main.py', 'solution.py'],
    compiled: ['main.py'],
    checked: 'solution.py',
  })
})
