import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDigested, wayOf } from './rules.ts'

const origin = 'https://arena.example'
const shell = ['/', '/theme.js', '/favicon.svg']
const way = (path: string, more: Partial<Parameters<typeof wayOf>[0]> = {}) =>
  wayOf({ method: 'GET', mode: 'cors', url: new URL(path, origin).href, origin, ...more }, shell)

test('nothing of the API passes through the cache, however it is asked for', () => {
  for (const path of ['/api/me', '/api/docs/', '/api', '/internal/x', '/.well-known/jwks.json', '/api/assets/index-AbCdEf12.js']) {
    assert.equal(way(path), 'network')
    assert.equal(way(path, { mode: 'navigate' }), 'network')
  }
})

test('pages get the shell, files of the build are kept by name, all else is the network’s', () => {
  assert.equal(way('/contests/1/problems/A', { mode: 'navigate' }), 'page')
  assert.equal(way('/', { mode: 'navigate' }), 'page')
  assert.equal(way('/assets/index-D9z3N-dG.js'), 'file')
  assert.equal(way('/assets/KaTeX_Main-Regular-B22Nviop.woff2'), 'file')
  assert.equal(way('/theme.js'), 'file')
  assert.equal(way('/robots.txt'), 'network')
  assert.equal(way('/files/statement.pdf', { mode: 'navigate' }), 'network')
  assert.equal(way('/contests', { method: 'POST', mode: 'navigate' }), 'network')
  assert.equal(way('https://other.example/assets/index-D9z3N-dG.js'), 'network')
})

test('only names with a digest are taken for unchanging', () => {
  assert.deepEqual([isDigested('/assets/index-D9z3N-dG.js'), isDigested('/assets/logo.svg'), isDigested('/theme.js')], [true, false, false])
})
