import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boolean, assert as check, constantFrom, property } from 'fast-check'
import {
  decideInteraction,
  type Ended,
  type InteractionVerdict,
  type Interactor,
  interactorOf,
  isNearMissOfTalk,
  type Participant,
  participantOf,
} from './interaction.ts'

const interactors: readonly Interactor[] = [{ end: 'accepted' }, { end: 'rejected' }, { end: 'cutOff' }, { end: 'failed', why: 'it crashed' }]
const participants: readonly Participant[] = [
  { end: 'fine' },
  { end: 'left' },
  { end: 'crashed', detail: 'exit code 1' },
  ...(['TLE', 'MLE', 'OLE', 'RE'] as const).map((verdict) => ({ end: 'stopped' as const, verdict, detail: 'too much' })),
]
const nameOf = (said: InteractionVerdict) => ('problemFault' in said ? 'fault' : said.verdict)
const verdict = (interactor: Interactor, participant: Participant, more: Partial<Ended> = {}) =>
  nameOf(decideInteraction({ interactor, participant, participantLeftFirst: false, wroteTooMuch: false, ...more }))

describe('what a talk comes to', () => {
  /** By the end of the participant: fine, left, crashed, TLE, MLE, OLE, RE (a forbidden call). */
  const table: readonly (readonly [end: Interactor['end'], leftFirst: boolean, verdicts: string])[] = [
    ['accepted', false, 'AC AC AC TLE MLE OLE RE'],
    ['accepted', true, 'AC AC AC TLE MLE OLE RE'],
    ['rejected', false, 'WA WA WA WA WA WA WA'],
    ['rejected', true, 'WA WA RE TLE MLE OLE RE'],
    ['cutOff', false, 'WA WA WA WA WA WA WA'],
    ['cutOff', true, 'WA WA RE TLE MLE OLE RE'],
    ['failed', false, 'fault fault fault fault fault fault fault'],
    ['failed', true, 'fault fault RE TLE MLE OLE RE'],
  ]
  for (const [end, participantLeftFirst, verdicts] of table) {
    it(`${end}, the participant ${participantLeftFirst ? 'first' : 'second'}: ${verdicts}`, () => {
      const interactor = interactors.find((each) => each.end === end)
      assert.ok(interactor)
      assert.equal(participants.map((participant) => verdict(interactor, participant, { participantLeftFirst })).join(' '), verdicts)
    })
  }
  it('the table has every case', () => {
    const known = new Set(table.map(([end, first]) => `${end} ${first}`))
    assert.equal(known.size, interactors.length * 2)
  })

  const anyone = [constantFrom(...interactors), constantFrom(...participants), boolean(), boolean()] as const
  const holds = (rule: (ended: Ended, said: InteractionVerdict) => void) =>
    check(
      property(...anyone, (interactor, participant, participantLeftFirst, wroteTooMuch) => {
        const ended = { interactor, participant, participantLeftFirst, wroteTooMuch }
        rule(ended, decideInteraction(ended))
      }),
      { numRuns: 500 },
    )
  it('nobody is accepted unless the interactor has accepted', () =>
    holds(({ interactor }, said) => assert.ok(nameOf(said) !== 'AC' || interactor.end === 'accepted')))
  it('once the interactor has rejected, nothing the participant does afterwards changes it', () =>
    holds(({ interactor, participantLeftFirst }, said) => assert.ok(interactor.end !== 'rejected' || participantLeftFirst || nameOf(said) === 'WA')))
  it('a problem is at fault only where its interactor has failed, and then nobody loses a run that did nothing wrong', () =>
    holds(({ interactor, participant, wroteTooMuch }, said) => {
      assert.ok(nameOf(said) !== 'fault' || interactor.end === 'failed')
      if (interactor.end === 'failed' && participant.end === 'fine' && !wroteTooMuch) assert.equal(nameOf(said), 'fault')
    }))
  it('who floods cannot put the blame on the problem', () => holds(({ wroteTooMuch }, said) => assert.ok(!wroteTooMuch || nameOf(said) !== 'fault')))
  it('a closed pipe alone is no run-time error, and no limit was missed by who missed none', () =>
    holds(({ participant, wroteTooMuch }, said) => {
      if (participant.end !== 'fine' && participant.end !== 'left') return
      assert.ok(['AC', 'WA', 'fault', ...(wroteTooMuch ? ['OLE'] : [])].includes(nameOf(said)), nameOf(said))
    }))
})

describe('a wall clock that ran out', () => {
  const waited = { outcome: 'wallExceeded', cpu: 10, wall: 4000, starved: 0 }
  it('is tried again where the interactor had a good part of the time, and not where both were idle', () => {
    assert.equal(isNearMissOfTalk(waited, 20, 1000), false)
    assert.equal(isNearMissOfTalk(waited, 1000, 1000), true)
    assert.equal(isNearMissOfTalk({ ...waited, starved: 1000 }, 0, 1000), true)
    assert.equal(isNearMissOfTalk({ ...waited, outcome: 'cpuExceeded', cpu: 1200 }, 3000, 1000), false)
  })
})

describe('how the participant ended', () => {
  const re = { verdict: 'RE', detail: 'exit code 1' } as const
  it('is told by what the sandbox saw', () => {
    assert.deepEqual(participantOf({ outcome: 'exited' }, 'checkable', ''), { end: 'fine' })
    assert.deepEqual(participantOf({ outcome: 'exited' }, re, ''), { end: 'crashed', detail: 'exit code 1' })
    assert.deepEqual(participantOf({ outcome: 'signalled', signal: 11 }, re, '')?.end, 'crashed')
    assert.deepEqual(participantOf({ outcome: 'forbiddenSyscall', signal: 31 }, re, 'Broken pipe')?.end, 'stopped')
    for (const each of ['TLE', 'MLE', 'OLE'] as const)
      assert.deepEqual(participantOf({ outcome: 'cpuExceeded' }, { verdict: each, detail: 'd' }, 'EPIPE'), { end: 'stopped', verdict: each, detail: 'd' })
    assert.equal(participantOf({ outcome: 'new' }, { judgeFault: 'unknown' }, ''), undefined)
    assert.equal(participantOf({ outcome: 'exited' }, { verdict: 'AC', detail: '' }, ''), undefined)
  })
  it('a closed pipe is known by its signal, and by the words of runtimes', () => {
    assert.deepEqual(participantOf({ outcome: 'signalled', signal: 13 }, re, ''), { end: 'left' })
    for (const words of [
      'BrokenPipeError: [Errno 32] Broken pipe',
      'EOFError: EOF when reading a line',
      'Error: write EPIPE',
      'Exception in thread "main" java.util.NoSuchElementException: No line found',
      "thread 'main' panicked at 'failed printing to stdout: Broken pipe (os error 32)'",
    ])
      assert.deepEqual(participantOf({ outcome: 'exited' }, re, words), { end: 'left' }, words)
    assert.equal(participantOf({ outcome: 'exited' }, re, 'ZeroDivisionError: division by zero')?.end, 'crashed')
  })
})

describe('how the interactor ended', () => {
  const ran = { stopped: undefined, exitCode: 1, lastWords: '', participantLeftFirst: false }
  const fault = { fault: 'it ended with 1' }
  it('by its own word, when it had one', () => {
    assert.deepEqual(interactorOf(ran, { isAccepted: true, given: undefined, message: '' }), { end: 'accepted' })
    assert.deepEqual(interactorOf(ran, { isAccepted: false, message: '' }), { end: 'rejected' })
    assert.deepEqual(interactorOf({ ...ran, stopped: 'too much memory' }, { isAccepted: true, given: undefined, message: '' }).end, 'failed')
  })
  it('a closed pipe is no failing of its own, but only where a pipe was closed', () => {
    assert.deepEqual(interactorOf({ ...ran, exitCode: 141 }, fault), { end: 'cutOff' })
    assert.deepEqual(interactorOf({ ...ran, lastWords: 'EOFError', participantLeftFirst: true }, fault), { end: 'cutOff' })
    assert.deepEqual(interactorOf({ ...ran, lastWords: 'EOFError' }, fault).end, 'failed')
    assert.deepEqual(interactorOf({ ...ran, lastWords: 'NameError', participantLeftFirst: true }, fault).end, 'failed')
    assert.deepEqual(interactorOf({ ...ran, exitCode: 139 }, fault).end, 'failed')
  })
})
