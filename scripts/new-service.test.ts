import assert from 'node:assert/strict'
import { it } from 'node:test'
import { findingsOf } from './boundaries.ts'
import { serviceFiles } from './new-service.ts'

it('a new service keeps within its borders from its first line', () => {
  const aliases = { '#contracts/*': './lib/contracts/*.ts', '#kernel/*': './lib/kernel/*.ts', '#kit/*': './lib/kit/*.ts', '#ports/*': './lib/ports/*.ts' }
  const files = [...serviceFiles('office-hours')].filter(([path]) => path.endsWith('.ts'))
  assert.ok(files.length >= 5)
  assert.deepEqual(
    files.flatMap(([path, text]) => findingsOf(path, text, aliases)),
    [],
  )
})
