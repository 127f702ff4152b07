import { noTestEngine, openTestDockerSandbox } from '#testkit/docker'
import { corpusSlots, corpusSuite } from './suite.ts'

corpusSuite('containers', () => openTestDockerSandbox({ slots: corpusSlots }), await noTestEngine())
