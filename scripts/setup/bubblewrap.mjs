/** bubblewrap confines the programs pupils submit. It is looked for at every start and installed at most once a machine. */
import { aptInstall, findProgram } from './apt.mjs'

/** @returns undefined when bubblewrap is there (now), else why not. Says what it does; never fails a start: quizzes work without. */
export function ensureBubblewrap() {
  if (findProgram('bwrap') || process.platform !== 'linux') return undefined
  const why = aptInstall(['bubblewrap'], "Installing bubblewrap, the sandbox for submitted programs (0.1 MB, and apt's package lists when there are none) …")
  if (why && !findProgram('bwrap')) {
    console.error(`No bubblewrap (${why}): quizzes work, submitted programs wait. To have them judged type: sudo apt-get install bubblewrap`)
    return why
  }
  return undefined
}
