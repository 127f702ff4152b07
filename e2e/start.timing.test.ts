import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spawnArena, startArena } from '#testkit/arena'

test('a second start from a prepared folder shows the first page within 3 s', async () => {
  const arena = await startArena({ demo: 'on' }) // builds the web and loads the demonstration, so that the second start is the common one
  try {
    const { port } = arena
    await arena.end()
    const startedAt = performance.now()
    const { child, ended } = spawnArena(['--data', arena.dataDir, '--port', String(port)], { env: { ARENA_ADMIN_PASSWORD: arena.adminPassword } })
    let tookMs = Number.POSITIVE_INFINITY
    try {
      while (performance.now() - startedAt < 20_000) {
        const page = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
        if (page?.status === 200 && (await page.text()).includes('<script')) {
          tookMs = performance.now() - startedAt
          break
        }
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    } finally {
      child.kill('SIGTERM')
      await ended
    }
    assert.ok(tookMs < 3_000, `it took ${Math.round(tookMs)} ms`)
  } finally {
    await arena.stop()
  }
})
