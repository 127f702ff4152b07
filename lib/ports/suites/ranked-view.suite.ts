import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { maxFindIds, maxStepRows, type RankedRow, type RankedView, type Window } from '#ports/ranked-view'

/** What a database knows of a board: the newest state of each row, and since which version. */
type World = { readonly rows: Map<string, RankedRow>; version: number }
type Change = { readonly id: string; readonly rank: string; readonly tie: string; readonly body: string }

const newBoard = () => randomUUID()
const changed = (world: World, { id, ...rest }: Change) => {
  world.version += 1
  world.rows.set(id, { id, ...rest, version: world.version })
}
/** As a writer reads it: all that changed since `from`. */
const stepFrom = (world: World, from: number, epoch = 0) => ({
  epoch,
  from,
  version: world.version,
  head: `head ${world.version}`,
  rows: [...world.rows.values()].filter((row) => row.version > from),
})
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
/** The board by sorting and counting, without any cunning. */
function naive(world: World, { top, from = 0, around }: Window) {
  const all = [...world.rows.values()].sort((a, b) => byText(a.rank, b.rank) || byText(a.tie, b.tie) || byText(a.id, b.id))
  const placed = all.map(({ id, rank, body }, at) => ({ at, place: 1 + all.filter((other) => other.rank < rank).length, id, body }))
  const own = around === undefined ? -1 : all.findIndex((row) => row.id === around.id)
  const isAsked = (at: number) => (at >= from && at < from + top) || (own >= 0 && Math.abs(at - own) <= (around?.sides ?? 0))
  return placed.filter((_, at) => isAsked(at))
}
const everything: Window = { top: 10_000 }

const ids = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'].map((name) => `01900000-${name}`)
const arbitraryChange: fc.Arbitrary<Change> = fc.record({
  id: fc.constantFrom(...ids),
  rank: fc.constantFrom('aa', 'ab', 'b0', 'zz'),
  // code units, not code points, decide: U+FF5E is above the halves of U+1F600, whose UTF-8 is above its own
  tie: fc.constantFrom('', 'Uwase', 'Uwase A', 'uwase', 'Élodie', '～', '😀', '\u0001'),
  body: fc.oneof(fc.constant('{"name":"É😀"}'), fc.string({ maxLength: 12 })),
})
const arbitraryWindow: fc.Arbitrary<Window> = fc.record({
  top: fc.nat(8),
  from: fc.option(fc.nat(8), { nil: undefined }),
  around: fc.option(fc.record({ id: fc.constantFrom(...ids, 'nobody'), sides: fc.nat(3) }), { nil: undefined }),
})

export const rankedViewSuite = (name: string, open: () => Promise<RankedView>, { runs = 100 }: { readonly runs?: number } = {}) =>
  describe(`${name} keeps the RankedView promise`, () => {
    const row = (id: string, rank: string, more: Partial<RankedRow> = {}): RankedRow => ({ id, rank, tie: id, body: id, version: 1, ...more })
    const step = (version: number, rows: readonly RankedRow[], more: { epoch?: number; from?: number } = {}) => ({
      epoch: 0,
      from: -1,
      version,
      head: `head ${version}`,
      rows,
      ...more,
    })

    it('a board that nobody gave is not there', async () => {
      const view = await open()
      const board = newBoard()
      assert.deepEqual([await view.stand(board), await view.read(board, everything)], [undefined, undefined])
      assert.equal(await view.advance(board, step(2, [row('a', 'x', { version: 2 })], { from: 1 })), false)
      assert.equal(await view.read(board, everything), undefined)
    })

    it('equals share a place and the next places stay empty; also in a window that begins among equals', async () => {
      const view = await open()
      const board = newBoard()
      await view.advance(board, step(1, [row('d', '3'), row('c', '2'), row('b', '2'), row('a', '2'), row('e', '1')]))
      const places = async (asked: Window) => (await view.read(board, asked))?.rows.map(({ place, id }) => `${place}${id}`).join(' ')
      assert.equal(await places(everything), '1e 2a 2b 2c 5d')
      assert.equal(await places({ top: 0, around: { id: 'c', sides: 1 } }), '2b 2c 5d')
      assert.equal(await places({ top: 1, around: { id: 'd', sides: 0 } }), '1e 5d')
      assert.equal(await places({ top: 2, around: { id: 'a', sides: 0 } }), '1e 2a')
      assert.equal(await places({ top: 0, around: { id: 'nobody', sides: 5 } }), '')
      assert.equal((await view.read(board, { top: 0 }))?.total, 5)
    })

    it('a range says where each row stands, also among equals, behind the end and beside the rows around somebody', async () => {
      const view = await open()
      const board = newBoard()
      await view.advance(board, step(1, [row('d', '3'), row('c', '2'), row('b', '2'), row('a', '2'), row('e', '1')]))
      const stands = async (asked: Window) => (await view.read(board, asked))?.rows.map(({ at, place, id }) => `${at}:${place}${id}`).join(' ')
      assert.equal(await stands({ from: 2, top: 2 }), '2:2b 3:2c')
      assert.equal(await stands({ from: 4, top: 9 }), '4:5d')
      assert.equal(await stands({ from: 5, top: 9 }), '')
      assert.equal(await stands({ from: 3, top: 1, around: { id: 'e', sides: 0 } }), '0:1e 3:2c')
      assert.equal(await stands({ from: 1, top: 1, around: { id: 'c', sides: 1 } }), '1:2a 2:2b 3:2c 4:5d')
    })

    it('rows are found by their ids, in order of the board, each once; who is not there is left out', async () => {
      const view = await open()
      const board = newBoard()
      assert.equal(await view.find(board, ['a']), undefined)
      await view.advance(board, step(1, [row('d', '3'), row('c', '2'), row('b', '2'), row('a', '2'), row('e', '1')]))
      const found = await view.find(board, ['d', 'nobody', 'b', 'e', 'b'])
      assert.equal(found?.rows.map(({ at, place, id, body }) => `${at}:${place}${id}${body}`).join(' '), '0:1ee 2:2bb 4:5dd')
      assert.deepEqual([found?.total, found?.version, found?.head], [5, 1, 'head 1'])
      assert.deepEqual((await view.find(board, []))?.rows, [])
      await assert.rejects(
        view.find(
          board,
          Array.from({ length: maxFindIds + 1 }, (_, n) => `r${n}`),
        ),
        RangeError,
      )
    })

    it('an empty board is a board', async () => {
      const view = await open()
      const [board, built] = [newBoard(), newBoard()]
      assert.equal(await view.advance(board, step(0, [])), true)
      assert.equal(await (await view.rebuild(built, 0)).finish({ version: 0, head: 'head 0' }), true)
      for (const one of [board, built]) assert.deepEqual(await view.read(one, everything), { epoch: 0, version: 0, head: 'head 0', total: 0, rows: [] })
    })

    it('an older step, a doubled one and one with a gap change nothing', async () => {
      const view = await open()
      const board = newBoard()
      await view.advance(board, step(5, [row('a', 'x', { version: 3, body: 'new' }), row('b', 'y', { version: 5 })]))
      const before = await view.read(board, everything)
      assert.equal(await view.advance(board, step(4, [row('a', 'z', { version: 2, body: 'old' })])), true)
      assert.equal(await view.advance(board, step(5, [row('a', 'z', { version: 3, body: 'doubled' })], { from: 2 })), true)
      assert.equal(await view.advance(board, step(9, [row('a', 'z', { version: 9 })], { from: 7 })), false)
      assert.deepEqual(await view.read(board, everything), before)
    })

    it('of overlapping steps the newest of each row stays', async () => {
      const view = await open()
      const board = newBoard()
      await view.advance(board, step(5, [row('a', 'x', { version: 5, body: 'of 5' })]))
      assert.equal(await view.advance(board, step(7, [row('a', 'z', { version: 4, body: 'of 4' }), row('b', 'y', { version: 7 })], { from: 3 })), true)
      assert.deepEqual(
        (await view.read(board, everything))?.rows.map(({ body }) => body),
        ['of 5', 'b'],
      )
    })

    it('a newer epoch begins anew, without what it does not name; an older one is ignored', async () => {
      const view = await open()
      const board = newBoard()
      await view.advance(board, step(9, [row('a', 'x'), row('gone', 'y')], { epoch: 3 }))
      assert.equal(await view.advance(board, step(10, [row('b', 'x')], { epoch: 4, from: 9 })), false, 'it has nothing to go on from')
      assert.equal(await view.advance(board, step(2, [row('a', 'x')], { epoch: 4 })), true)
      assert.equal(await view.advance(board, step(99, [row('late', 'x')], { epoch: 3 })), true)
      assert.deepEqual(await view.stand(board), { epoch: 4, version: 2 })
      assert.deepEqual(
        (await view.read(board, everything))?.rows.map(({ id }) => id),
        ['a'],
      )
    })

    it('boards do not touch each other, and a dropped one is gone', async () => {
      const view = await open()
      const [one, other] = [newBoard(), newBoard()]
      await view.advance(`${one}/public`, step(1, [row('a', 'x')]))
      await view.advance(`${one}/full`, step(1, [row('b', 'x')]))
      await view.advance(other, step(1, [row('c', 'x')]))
      await view.drop(`${one}/public`)
      assert.equal(await view.read(`${one}/public`, everything), undefined)
      assert.equal((await view.read(`${one}/full`, everything))?.rows[0]?.id, 'b')
      assert.equal((await view.read(other, everything))?.rows[0]?.id, 'c')
    })

    it('while a board is built anew the old one is read, and then the new one, at once', async () => {
      const view = await open()
      const board = newBoard()
      await view.advance(board, step(1, [row('old', 'x'), row('gone', 'y')]))
      const build = await view.rebuild(board, 0)
      const rows = Array.from({ length: maxStepRows + 7 }, (_, n) => row(`r${String(n).padStart(5, '0')}`, String(n % 10), { version: 2 }))
      await build.add(rows.slice(0, maxStepRows))
      await build.add(rows.slice(maxStepRows))
      await build.add(rows.slice(0, 1).map((one) => ({ ...one, body: 'given twice' })))
      assert.deepEqual([(await view.read(board, everything))?.head, (await view.read(board, everything))?.total], ['head 1', 2])
      assert.equal(await build.finish({ version: 2, head: 'head 2' }), true)
      const read = await view.read(board, { top: 3, around: { id: 'r02006', sides: 0 } })
      assert.deepEqual([read?.version, read?.head, read?.total, read?.rows[0]?.body], [2, 'head 2', rows.length, 'given twice'])
      assert.deepEqual(read?.rows.at(-1), {
        at: rows.toSorted((a, b) => byText(a.rank, b.rank) || byText(a.tie, b.tie)).findIndex((one) => one.id === 'r02006'),
        place: 1 + rows.filter((one) => one.rank < '6').length,
        id: 'r02006',
        body: 'r02006',
      })
    })

    it('of two who build, the newer stays, whoever is done last; one who gives up leaves nothing', async () => {
      const view = await open()
      const board = newBoard()
      const [older, newer, abandoned] = [await view.rebuild(board, 0), await view.rebuild(board, 0), await view.rebuild(board, 0)]
      await older.add([row('a', 'x', { body: 'older' })])
      await newer.add([row('a', 'x', { body: 'newer' })])
      await abandoned.add([row('b', 'x')])
      assert.equal(await newer.finish({ version: 8, head: 'h' }), true)
      assert.equal(await older.finish({ version: 7, head: 'h' }), true)
      assert.deepEqual(await view.read(board, everything), { epoch: 0, version: 8, head: 'h', total: 1, rows: [{ at: 0, place: 1, id: 'a', body: 'newer' }] })
    })

    it('more rows in one step than may be are refused', async () => {
      const view = await open()
      const rows = Array.from({ length: maxStepRows + 1 }, (_, n) => row(`r${n}`, 'x'))
      await assert.rejects(view.advance(newBoard(), step(1, rows)), RangeError)
      await assert.rejects((await view.rebuild(newBoard(), 0)).add(rows), RangeError)
    })

    it('property: whatever steps two writers give, late, doubled and out of order, a board that says it is as new as the database equals a plain sort', async () => {
      const view = await open()
      const arbitrarySteps = fc.array(
        fc.record({ changes: fc.array(arbitraryChange, { maxLength: 4 }), behind: fc.nat(6), isLate: fc.boolean(), isBuilt: fc.boolean() }),
        { minLength: 1, maxLength: 10 },
      )
      await fc.assert(
        fc.asyncProperty(arbitrarySteps, fc.array(arbitraryWindow, { minLength: 1, maxLength: 4 }), async (steps, windows) => {
          const board = newBoard()
          const world: World = { rows: new Map(), version: 0 }
          const late: Parameters<RankedView['advance']>[1][] = []
          for (const { changes, behind, isLate, isBuilt } of steps) {
            for (const change of changes) changed(world, change)
            const given = stepFrom(world, world.version - changes.length - behind)
            if (isLate) late.push(given)
            else if (isBuilt) {
              const build = await view.rebuild(board, 0)
              await build.add(stepFrom(world, -1).rows)
              await build.finish(given)
            } else await view.advance(board, given)
          }
          for (const given of late.reverse()) await view.advance(board, given)
          if ((await view.stand(board))?.version !== world.version) {
            const { version = -1 } = (await view.stand(board)) ?? {}
            assert.equal(await view.advance(board, stepFrom(world, version)), true)
          }
          for (const asked of [...windows, everything]) {
            const read = await view.read(board, asked)
            assert.deepEqual(read, { epoch: 0, version: world.version, head: `head ${world.version}`, total: world.rows.size, rows: naive(world, asked) })
          }
        }),
        { numRuns: runs },
      )
    })
  })
