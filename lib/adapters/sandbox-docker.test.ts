import { randomBytes } from 'node:crypto'
import { sandboxSuite } from '#ports/suites/sandbox.suite'
import { containersOf, judgeImages, noTestEngine, openTestDockerSandbox } from '#testkit/docker'

const skip = await noTestEngine()
const owner = `suite-${randomBytes(6).toString('hex')}`

sandboxSuite('the Docker sandbox', {
  open: () => openTestDockerSandbox({ owner, images: judgeImages().filter(({ name }) => name === 'python-judge'), needed: ['python-judge'] }),
  skip,
  ownPaths: ['/etc/hostname', '/sys'],
  leftovers: (of) => (of === 'box' ? [] : containersOf(owner)),
})
