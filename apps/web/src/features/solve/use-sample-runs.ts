import { useEffect, useRef, useState } from 'react'
import type { NewRun, Run } from '#contracts/runs'
import { api, sleep } from '../../lib/arena.ts'
import { randomId } from '../../lib/random-id.ts'
import { useLive } from '../../lib/use-live.ts'
import type { Sample, SampleResult } from './run-samples.ts'
import { askForRun } from './try-run.ts'

/** Asked again after this, should the socket not tell. */
const pauseMs = 1_200

/** Runs of all samples, one after the other. `results` is there once a round has begun. */
export function useSampleRuns(samples: readonly Sample[]) {
  const [results, setResults] = useState<readonly SampleResult[]>()
  const [isRunning, setRunning] = useState(false)
  const round = useRef(0)
  const wakes = useRef(new Map<string, () => void>())
  useLive((event) => {
    if (event.type === 'run.finished') wakes.current.get(event.id)?.()
  })
  useEffect(() => () => void round.current++, [])

  const told = (id: string) =>
    new Promise<void>((done) => {
      wakes.current.set(id, done)
      void sleep(pauseMs).then(done)
    })
  async function run(body: NewRun): Promise<Run> {
    const id = await askForRun({ api, sleep, random: Math.random, key: randomId() }, body)
    try {
      for (;;) {
        await told(id)
        const { run: answer } = await api.call('GET /api/runs/:id', { params: { id } })
        if (answer.status !== 'queued') return answer
      }
    } finally {
      wakes.current.delete(id)
    }
  }
  return {
    results,
    isRunning,
    start(bodyOf: (input: string) => NewRun) {
      if (isRunning) return
      const mine = ++round.current
      const isOver = () => round.current !== mine
      setRunning(true)
      setResults(samples.map(() => ({ state: 'waiting' })))
      const onResult = (index: number, result: SampleResult) => setResults((before) => before?.map((each, at) => (at === index ? result : each)))
      const begin = async () => {
        const { runSamples } = await import('./run-samples.ts')
        await runSamples({ run, sleep, onResult, isOver }, samples, bodyOf)
      }
      begin()
        .catch(() => setResults(undefined)) // the line broke before it began
        .finally(() => {
          if (!isOver()) setRunning(false)
        })
    },
  }
}
