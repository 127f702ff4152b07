import { randomBytes } from 'node:crypto'
import { sandboxSuite } from '#ports/suites/sandbox.suite'
import { talkSuite } from '#ports/suites/sandbox-talk.suite'
import { containersOf, judgeImages, noTestEngine, openTestDockerSandbox, volumesOf } from '#testkit/docker'

const skip = await noTestEngine()
const owner = `suite-${randomBytes(6).toString('hex')}`

const open = () => openTestDockerSandbox({ owner, images: judgeImages().filter(({ name }) => name === 'python-judge'), needed: ['python-judge'] })
sandboxSuite('the Docker sandbox', {
  open,
  skip,
  ownPaths: ['/etc/hostname', '/sys'],
  leftovers: (of) => (of === 'box' ? [] : containersOf(owner)),
})

talkSuite('the Docker sandbox', { open, skip, leftovers: (of) => (of === 'box' ? [] : [...containersOf(owner), ...volumesOf(owner)]) })
