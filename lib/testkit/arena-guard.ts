/**
 * `node arena-guard.ts DATA_DIR [FOLDER]`: waits until whoever started it is gone (its standard input ends, however that process died), then clears what
 * its arena left. No exit hook runs in a test process that the runner killed, or that failed while its file was loaded.
 */
import { clearRemains } from './arena-remains.ts'

const [dataDir = '', folder] = process.argv.slice(2)
process.stdin.resume()
process.stdin.once('end', () => clearRemains(dataDir, folder))
