import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allowedCores, openCores, parseCpuList } from './cores.ts'

describe('cores', () => {
  it('are read as the kernel lists them', () => {
    assert.deepEqual(parseCpuList('0-2,5,7-8\n'), [0, 1, 2, 5, 7, 8])
    assert.deepEqual(parseCpuList('3'), [3])
    assert.deepEqual(parseCpuList(''), [])
    assert.deepEqual(allowedCores('Cpus_allowed:\tff\nCpus_allowed_list:\t1,4-5\n'), [1, 4, 5])
  })
  it('have one run each; who comes first is served first', async () => {
    const cores = openCores([4, 7])
    const [first, second] = [await cores.take(), await cores.take()]
    assert.deepEqual([first.number, second.number].sort(), [4, 7])
    const served: string[] = []
    const later = ['a', 'b'].map((name) =>
      cores.take().then((core) => {
        served.push(name)
        return core
      }),
    )
    first.release()
    first.release()
    const third = await later[0]
    assert.deepEqual([third?.number, served], [first.number, ['a']], 'released twice, it is given out once')
    second.release()
    assert.equal((await later[1])?.number, second.number)
  })
  it('an abort ends the wait, and takes no core along', async () => {
    const cores = openCores([0])
    const held = await cores.take()
    const stop = new AbortController()
    const waiting = cores.take(stop.signal)
    stop.abort(new Error('enough'))
    await assert.rejects(waiting, /enough/)
    await assert.rejects(cores.take(stop.signal), /enough/)
    held.release()
    assert.equal((await cores.take()).number, 0)
  })
})
