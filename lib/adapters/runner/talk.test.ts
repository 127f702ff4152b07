import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytes, mebibytes, ms, seconds } from '#kernel/units'
import { type RunSpec, SandboxFault, type TalkSpec } from '#ports/sandbox'
import type { JoinRequest } from './protocol.ts'
import type { JoinedResult, Session } from './session.ts'
import { talkOf } from './talk.ts'

const limits = { cpu: seconds(1), wall: seconds(5), memory: mebibytes(64), processes: 4, output: bytes(10), stderr: bytes(10), files: bytes(10) }
const program = { argv: ['program'], limits, keepFiles: false }
const spec: TalkSpec = { participant: program, interactor: program }
const empty = new Uint8Array()
const ended: JoinedResult = {
  outcome: 'exited',
  exitCode: 0,
  cpu: ms(1),
  wall: ms(1),
  memory: bytes(1),
  stdout: empty,
  stderr: empty,
  otherHadLeft: true,
  writtenBytes: 7,
  wasAskedToEnd: false,
}
const { exitCode: _none, ...withoutCode } = ended
const killed: JoinedResult = { ...withoutCode, outcome: 'signalled', signal: 9, wasAskedToEnd: true }
/** Until it is ended or given up. */
const endless = ({ signal }: RunSpec, stop?: AbortSignal) =>
  new Promise<JoinedResult>((resolve, reject) => {
    signal?.throwIfAborted()
    stop?.addEventListener('abort', () => resolve(killed), { once: true })
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

type Runs = (spec: RunSpec, stop?: AbortSignal) => Promise<JoinedResult>
function talkers({ participant, interactor }: { readonly participant: Runs; readonly interactor: Runs }, refusal?: SandboxFault) {
  const heard: string[] = []
  const joins: JoinRequest[] = []
  const session = (who: string, run: Runs) =>
    ({
      async join(request) {
        heard.push(`${who} ${request.kind}`)
        joins.push(request)
        if (refusal !== undefined && request.kind === 'joins') throw refusal
      },
      runJoined(asked, { stop }) {
        heard.push(`${who} runs`)
        return run(asked, stop)
      },
    }) as Partial<Session> as Session
  const both = { participant: session('participant', participant), interactor: session('interactor', interactor), joint: '/joint', core: 0 }
  return { heard, joins, both }
}

describe('a talk', () => {
  it('is joined before either runs, by names nobody can know, and each reads what the other writes', async () => {
    const { heard, joins, both } = talkers({ participant: async () => ended, interactor: async () => ended })
    const talk = await talkOf(both, spec)
    assert.deepEqual(heard, ['participant makes', 'interactor joins', 'interactor runs', 'participant runs'])
    const [makes, joined] = joins
    assert.deepEqual([makes?.reads, makes?.writes], [joined?.writes, joined?.reads])
    assert.match(makes?.reads ?? '', /^\/joint\/[0-9a-f]{32}-back$/)
    assert.deepEqual([talk.participantLeftFirst, talk.participantWasEnded, talk.participantWrote], [true, false, 7])
    await talkOf(both, spec)
    assert.notEqual(joins[2]?.reads, makes?.reads)
  })
  it('a fault of either ends the other, and is what is thrown', async () => {
    const fault = new SandboxFault('the runner ended', 'now')
    const fails: Runs = async () => Promise.reject(fault)
    await assert.rejects(talkOf(talkers({ participant: endless, interactor: fails }).both, spec), fault)
    await assert.rejects(talkOf(talkers({ participant: fails, interactor: endless }).both, spec), fault)
  })
  it('boxes that cannot be joined run nothing', async () => {
    const refusal = new SandboxFault('the runner cannot', 'now')
    const { heard, both } = talkers({ participant: endless, interactor: endless }, refusal)
    await assert.rejects(talkOf(both, spec), refusal)
    assert.deepEqual(heard, ['participant makes', 'interactor joins'])
  })
  it('a participant that was on its way out when it was asked to end came to its own end', async () => {
    const crashing: Runs = (_asked, stop) =>
      new Promise((resolve) => stop?.addEventListener('abort', () => resolve({ ...ended, exitCode: 1, wasAskedToEnd: true }), { once: true }))
    const { both } = talkers({ participant: crashing, interactor: async () => ended })
    const talk = await talkOf(both, { ...spec, endsParticipant: () => true })
    assert.deepEqual([talk.participant.exitCode, talk.participantWasEnded], [1, false])
  })
  it('the participant is ended only when asked for', async () => {
    const { both } = talkers({ participant: endless, interactor: async () => ended })
    assert.equal((await talkOf(both, { ...spec, endsParticipant: () => true })).participantWasEnded, true)
    const stop = new AbortController()
    const goesOn = assert.rejects(talkOf(both, { ...spec, endsParticipant: () => false, signal: stop.signal }), /enough/)
    stop.abort(new Error('enough'))
    await goesOn
  })
})
