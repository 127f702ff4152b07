import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import { registrationChanged } from '#contracts/contest'
import { instant } from '#kernel/time'
import { eventually } from '#testkit/eventually'
import { at, choice, makeContest, makeProblem, numeric, start, withArena } from './arena.ts'
import { type BillingPeer, openBillingPeer, plan } from './billing-peer.ts'

describe('premium contests', () => {
  let billing: BillingPeer
  const arena = withArena(async () => {
    billing = await openBillingPeer()
    return billing.peers
  })
  after(() => billing.close())
  type Person = { readonly token: string; readonly userId: string }
  const newStudent = () => arena().tokenFor({ role: 'student' })
  const subscribe = ({ userId }: Person, hours = 100) => billing.subscribed.set(userId, { until: at(hours), subscriptionId: arena().host.ids.next() })
  const newSubscriber = async (hours = 100) => {
    const person = await newStudent()
    subscribe(person, hours)
    return person
  }
  const setTime = (hours: number) => arena().time.set(instant(Date.parse(at(hours))))
  const get = (id: string, { token }: Person) => arena().call('GET /api/contests/:id', { params: { id } }, { token })
  const join = (id: string, { token }: Person) => arena().call('POST /api/contests/:id/register', { params: { id } }, { token })
  const readProblem = (id: string, { token }: Person) => arena().call('GET /api/problems/:id', { params: { id } }, { token })
  const patch = (id: string, body: object, { token }: Person = arena().people.teacher) =>
    arena().call('PATCH /api/contests/:id', { params: { id }, body }, { token })
  const premium = async (body: object = {}) => {
    const problemId = await makeProblem(arena(), choice)
    return { id: await makeContest(arena(), { premium: true, problems: [{ problemId }], ...body }), problemId }
  }
  const askedAbout = ({ userId }: Person) => billing.asked.filter((each) => each === userId).length
  const brief = ({ status, body }: Awaited<ReturnType<typeof get>>) =>
    status === 200 ? ((body.contest ?? body.problem) ? 'ok' : '?') : `${status} ${body.error.code}`
  const needed = '402 SUBSCRIPTION_NEEDED'
  const unknown = '503 ENTITLEMENT_UNKNOWN'
  afterEach(() => {
    arena().time.set(instant(Date.parse(start)))
    billing.state.mode = 'answers'
  })

  it('say so in lists and in answers, and are made so by their staff alone', async () => {
    const { id } = await premium()
    const { body } = await arena().call('GET /api/contests', { query: { limit: 200 } })
    assert.equal(body.contests.find((contest: { id: string }) => contest.id === id).premium, true)
    for (const { token } of [arena().people.other, arena().people.student])
      assert.equal((await patch(id, { premium: false }, { token, userId: '' })).body.error.code, 'FORBIDDEN')
    assert.equal((await get(id, arena().people.student)).body.contest.premium, true, 'before the start everybody may read what it is')
  })

  it('are joined by subscribers; others get the offer, and nobody hears of them', async () => {
    const { id } = await premium()
    const student = await newStudent()
    const refused = await join(id, student)
    assert.deepEqual([refused.status, refused.body.error.code, refused.body.error.details], [402, 'SUBSCRIPTION_NEEDED', { contestId: id, plans: [plan] }])
    subscribe(student)
    const joined = await join(id, student)
    assert.deepEqual([joined.status, joined.body.contest.registered, joined.body.contest.participantCount], [200, true, 1], joined.text)
    const told = () =>
      arena()
        .told(registrationChanged)
        .filter(({ contestId }) => contestId === id)
    await eventually(() => assert.deepEqual(told(), [{ contestId: id, userId: student.userId, startedAt: at(1), endsAt: null }]))
  })

  it('let teachers and admins pass, and ask nobody about them', async () => {
    const { id, problemId } = await premium()
    const calls = billing.deadlines.length
    for (const person of [arena().people.other, arena().people.admin, arena().people.teacher]) {
      assert.equal(brief(await join(id, person)), 'ok')
      setTime(2)
      assert.equal((await get(id, person)).body.contest.problems.length, 1)
      assert.equal(brief(await readProblem(problemId, person)), 'ok')
      setTime(0)
    }
    assert.equal(billing.deadlines.length, calls)
  })

  it('leave free ones alone: nothing of those is asked, whatever billing does', async () => {
    const calls = billing.deadlines.length
    for (const mode of ['answers', 'fails', 'gone', 'hangs'] as const) {
      billing.state.mode = mode
      const problemId = await makeProblem(arena(), numeric)
      const id = await makeContest(arena(), { problems: [{ problemId }] })
      const student = await newStudent()
      assert.equal(brief(await join(id, student)), 'ok')
      for (const hours of [1, 3]) {
        setTime(hours)
        assert.equal((await get(id, student)).body.contest.problems.length, 1)
        assert.equal(brief(await readProblem(problemId, student)), 'ok')
      }
      setTime(0)
      assert.equal((await patch(id, { title: 'Still free' })).status, 200)
    }
    assert.equal(billing.deadlines.length, calls)
  })

  it('believe a yes for a minute and a no not at all', async () => {
    const contests = [(await premium()).id, (await premium()).id, (await premium()).id] as const
    const student = await newStudent()
    for (const times of [1, 2]) {
      assert.equal(brief(await join(contests[0], student)), needed)
      assert.equal(askedAbout(student), times)
    }
    subscribe(student)
    for (const id of contests.slice(0, 2)) assert.equal(brief(await join(id, student)), 'ok')
    assert.equal(askedAbout(student), 3)
    billing.subscribed.delete(student.userId)
    setTime(61 / 3600)
    assert.equal(brief(await join(contests[2], student)), needed)
    assert.equal(askedAbout(student), 4)
  })

  describe('at their opening', () => {
    it('ask who joined before the start once, at the first sight of the problems', async () => {
      const { id, problemId } = await premium()
      const student = await newSubscriber(0.5)
      assert.equal(brief(await join(id, student)), 'ok')
      billing.subscribed.delete(student.userId)
      setTime(1)
      for (const answer of [await get(id, student), await join(id, student), await readProblem(problemId, student)]) {
        assert.equal(brief(answer), needed)
        assert.deepEqual(answer.body.error.details, { contestId: id, plans: [plan], until: at(0.5) })
        assert.ok(!answer.text.includes('Which way'), 'the statement is not in the answer')
      }
      subscribe(student)
      assert.equal((await get(id, student)).body.contest.problems.length, 1)
      const asked = askedAbout(student)
      billing.subscribed.delete(student.userId)
      for (const hours of [2, 4, 999]) {
        setTime(hours)
        assert.equal((await get(id, student)).body.contest.problems.length, 1, 'nobody is thrown out in the middle, nor out of what they worked on')
        assert.equal(brief(await readProblem(problemId, student)), 'ok')
      }
      assert.equal(askedAbout(student), asked)
    })

    it('are opened by reading a problem as by reading the contest', async () => {
      const { id, problemId } = await premium()
      const student = await newSubscriber()
      await join(id, student)
      setTime(1)
      assert.equal(brief(await readProblem(problemId, student)), 'ok')
      billing.state.mode = 'gone'
      billing.subscribed.delete(student.userId)
      setTime(200)
      assert.equal((await get(id, student)).body.contest.problems.length, 1)
    })

    it('are open by joining where joining starts the clock', async () => {
      const personal = await premium({ timing: 'personal', durationMinutes: 30 })
      const untimed = await premium({ timing: 'untimed', startsAt: undefined, endsAt: undefined })
      const late = await premium()
      setTime(1.5)
      const student = await newSubscriber()
      for (const { id } of [personal, untimed, late]) assert.equal((await join(id, student)).body.contest.problems.length, 1)
      billing.subscribed.delete(student.userId)
      setTime(1.6)
      for (const { id } of [personal, untimed, late]) assert.equal((await get(id, student)).body.contest.problems.length, 1)
      assert.equal(askedAbout(student), 1)
    })

    it('hide their problems from who has not joined, subscriber or not', async () => {
      const { id, problemId } = await premium()
      setTime(1)
      for (const person of [await newStudent(), await newSubscriber()]) {
        assert.equal((await get(id, person)).body.contest.problems, undefined)
        assert.equal(brief(await readProblem(problemId, person)), '404 PROBLEM_NOT_FOUND')
        assert.equal(askedAbout(person), 0)
      }
    })
  })

  describe('after their end', () => {
    it('are read by all, and their problems by subscribers and by who opened them', async () => {
      const { id, problemId } = await premium()
      const [opened, subscriber, other, joined] = [await newSubscriber(2), await newSubscriber(), await newStudent(), await newSubscriber()]
      for (const person of [opened, joined]) assert.equal(brief(await join(id, person)), 'ok')
      setTime(1)
      await get(id, opened)
      billing.subscribed.delete(opened.userId)
      setTime(3)
      const problemsFor = async (person: Person) => (await get(id, person)).body.contest.problems?.length ?? 'none'
      const problems = [await problemsFor(opened), await problemsFor(subscriber), await problemsFor(other), await problemsFor(joined)]
      assert.deepEqual(problems, [1, 1, 'none', 1])
      const [first, second, third] = [await readProblem(problemId, opened), await readProblem(problemId, subscriber), await readProblem(problemId, other)]
      assert.deepEqual([first, second, third].map(brief), ['ok', 'ok', needed])
      for (const { userId } of [subscriber, joined]) billing.subscribed.delete(userId)
      setTime(4)
      assert.deepEqual([await problemsFor(subscriber), await problemsFor(joined)], ['none', 'none'], 'looking at the archive is not opening')
    })

    it('are read by all while billing is down, and their problems are told to be unknown rather than absent', async () => {
      const { id, problemId } = await premium()
      billing.state.mode = 'gone'
      setTime(3)
      const student = await newStudent()
      const read = await get(id, student)
      assert.deepEqual([read.status, read.body.contest.problems], [200, undefined])
      assert.equal(brief(await readProblem(problemId, student)), unknown)
    })
  })

  describe('whose staff change their mind', () => {
    it('ask at the opening who joined while they were free', async () => {
      const { id } = await premium({ premium: false })
      const [student, subscriber] = [await newStudent(), await newSubscriber()]
      for (const person of [student, subscriber]) assert.equal(brief(await join(id, person)), 'ok')
      assert.equal((await patch(id, { premium: true })).status, 200)
      assert.equal(brief(await join(id, student)), 'ok', 'joined is joined')
      setTime(1)
      assert.deepEqual([brief(await get(id, student)), brief(await get(id, subscriber))], [needed, 'ok'])
    })

    it('become free at any time, and premium not once somebody may be in the middle', async () => {
      const { id } = await premium()
      const untimed = await premium({ premium: false, timing: 'untimed', startsAt: undefined, endsAt: undefined })
      const student = await newSubscriber()
      await join(id, student)
      await join(untimed.id, student)
      billing.subscribed.delete(student.userId)
      setTime(1)
      assert.equal(brief(await get(id, student)), needed)
      assert.equal((await patch(id, { premium: false })).status, 200)
      assert.equal((await get(id, student)).body.contest.problems.length, 1)
      for (const contest of [id, untimed.id]) {
        const refused = await patch(contest, { premium: true })
        assert.deepEqual([refused.status, refused.body.error.code, refused.body.error.details.field], [409, 'CONTEST_HAS_STARTED', 'premium'])
      }
    })

    it('let nobody in who looked while they were free and joins when they are not', async () => {
      const { id } = await premium({ premium: false })
      const student = await newStudent()
      const database = await arena().openDb(1)
      const [isHeld, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const change = database.transaction(async (tx) => {
        await tx.query('update contests set premium = true where id = $1', [id])
        isHeld.resolve()
        await release.promise
      })
      await isHeld.promise
      const joining = join(id, student)
      await eventually(async () => {
        const { rowCount } = await arena().db.query("select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
        assert.equal(rowCount, 1, 'joining waits for the change')
      })
      release.resolve()
      await change
      assert.equal(brief(await joining), needed)
      assert.equal((await get(id, student)).body.contest.registered, false)
      await database.close()
    })

    it('are copied by staff alone, and stay premium', async () => {
      const { id } = await premium()
      const copy = ({ token }: Person) => arena().call('POST /api/contests/:id/copy', { params: { id } }, { token })
      assert.equal((await copy(arena().people.teacher)).body.contest.premium, true)
      setTime(3)
      assert.equal((await copy(arena().people.other)).body.contest.premium, true)
      assert.equal((await copy(await newSubscriber())).body.error.code, 'FORBIDDEN')
    })
  })

  it('do not hide a problem that is public anyway', async () => {
    const problemId = await makeProblem(arena(), { ...choice, public: true })
    await makeContest(arena(), { premium: true, problems: [{ problemId }] })
    assert.equal(brief(await readProblem(problemId, await newStudent())), 'ok')
  })
})
