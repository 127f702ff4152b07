/** An untimed contest on a leaderboard and a notifications service in one process, with a crowd that looks at its board. */
import { v7 } from 'uuid'
import { contestPublished, registrationChanged } from '#contracts/contest'
import { submissionAccepted, submissionJudged } from '#contracts/submission'
import { eventually } from '#testkit/eventually'
import { openCrowd } from './crowd.ts'
import { startLone } from './lone-service.ts'

export type LiveBoard = Awaited<ReturnType<typeof openLiveBoard>>

export async function openLiveBoard({ sockets, participants, nodeFlags = [] }: { sockets: number; participants: number; nodeFlags?: readonly string[] }) {
  const lone = await startLone(['leaderboard', 'notifications'], { nodeFlags })
  try {
    const [contestId, problemId] = [v7(), v7()]
    await lone.tell(contestPublished.topic, [aContest(contestId, problemId)])
    const people = Array.from({ length: participants }, () => v7())
    await lone.tell(
      registrationChanged.topic,
      people.map((userId) => ({ contestId, userId, startedAt: new Date().toISOString(), endsAt: null })),
    )
    const revision = async () => {
      const answer = await fetch(`${lone.url}/api/leaderboard/${contestId}?top=0`)
      const board = (await answer.json()) as { revision?: number; total?: number }
      if (board.total !== participants) throw new Error(`the board has not all participants: ${JSON.stringify(board)}`)
      return board.revision ?? Number.NaN
    }
    await eventually(revision, 60_000 + 3 * participants)
    const tokens = await Promise.all(Array.from({ length: sockets }, () => lone.tokenFor()))
    const crowd = openCrowd({ folder: lone.folder, port: lone.port, tokens: tokens.map(({ token }) => token), contestId })
    let serial = 0
    const fact = () => ({ submissionId: v7(), userId: people[serial++ % participants] as string, contestId, problemId, submittedAt: new Date().toISOString() })
    return {
      lone,
      crowd,
      contestId,
      /** Of the public board, as it is stored. */
      revision,
      fact,
      accept: (one: ReturnType<typeof fact>) => lone.tell(submissionAccepted.topic, [one]),
      /** Every third is accepted. */
      judge: (one: ReturnType<typeof fact>) => {
        const isRight = serial % 3 === 0
        return lone.tell(submissionJudged.topic, [
          { ...one, attempt: 1, label: 'A', kind: 'program', verdict: isRight ? 'AC' : 'WA', score: isRight ? 100 : 0, judgedAt: one.submittedAt, held: false },
        ])
      },
      async stop() {
        await crowd.close()
        await lone.stop()
      },
    }
  } catch (cause) {
    await lone.stop()
    throw cause
  }
}

const aContest = (contestId: string, problemId: string) => ({
  contestId,
  revision: 1,
  title: 'Load',
  subject: 'computer-science',
  format: 'icpc',
  timing: 'untimed',
  startsAt: null,
  endsAt: null,
  durationMinutes: null,
  freezeAt: null,
  penaltyMinutes: 20,
  feedback: 'now',
  ownerId: v7(),
  archived: false,
  deleted: false,
  problems: [{ problemId, version: 1, label: 'A', title: 'Sum', kind: 'program', points: 100, maxAttempts: null }],
})
