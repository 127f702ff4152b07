import type { Pair, Talk, TalkSpec } from '#ports/sandbox'
import type { Core, Cores } from '../runner/cores.ts'
import { talkOf } from '../runner/talk.ts'
import { boxIn } from './box.ts'
import { jointFolder } from './container-config.ts'
import type { ContainerPair } from './makers.ts'

/** Boxes in two containers that share a joint. `onClose` is told once, when both are closed. */
export function pairIn(pair: ContainerPair, cores: Cores, onClose: (wasAtWork: boolean) => void): Pair {
  const closings: boolean[] = []
  const closedOne = (wasAtWork: boolean) => {
    closings.push(wasAtWork)
    if (closings.length === pair.length) onClose(closings.includes(true))
  }
  const [participant, interactor] = [boxIn(pair[0], cores, closedOne), boxIn(pair[1], cores, closedOne)]
  return {
    participant,
    interactor,
    talk: (spec) =>
      participant.occupied((one) =>
        interactor.occupied((other) =>
          talk(pair, cores, { ...spec, signal: AbortSignal.any([one, other, ...(spec.signal === undefined ? [] : [spec.signal])]) }),
        ),
      ),
    async close() {
      await Promise.all([participant.close(), interactor.close()])
    },
  }
}

async function talk([participant, interactor]: ContainerPair, cores: Cores, spec: TalkSpec & { readonly signal: AbortSignal }): Promise<Talk> {
  let core: Core | undefined
  try {
    await Promise.all([participant.allow(spec.participant.limits.memory), interactor.allow(spec.interactor.limits.memory)])
    core = await cores.take(spec.signal)
    return await talkOf({ participant: participant.session, interactor: interactor.session, joint: jointFolder, core: core.number }, spec)
  } finally {
    core?.release()
  }
}
