/** Looks into a Node process that was started with `--inspect=127.0.0.1:PORT`: what it holds, after its garbage was collected. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { residentBytes } from './figures.ts'

export type Held = { readonly heapBytes: number; readonly outsideHeapBytes: number; readonly residentBytes: number; readonly openSockets: number }

export async function openInspector(inspectorPort: number, pid: number) {
  const [target] = (await (await fetch(`http://127.0.0.1:${inspectorPort}/json/list`)).json()) as { webSocketDebuggerUrl: string }[]
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '')
  await once(socket, 'open')
  let serial = 0
  const ask = (method: string, params: object = {}) =>
    new Promise<{ result?: { value?: string } }>((resolve) => {
      const id = ++serial
      const hear = (data: Buffer) => {
        const said = JSON.parse(data.toString()) as { id?: number; result: { result?: { value?: string } } }
        if (said.id !== id) return
        socket.off('message', hear)
        resolve(said.result)
      }
      socket.on('message', hear)
      socket.send(JSON.stringify({ id, method, params }))
    })
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result } = await ask('Runtime.evaluate', { expression: `JSON.stringify(${expression})` })
    return JSON.parse(result?.value ?? 'null')
  }
  const openSockets = async () => Number(await evaluate(`process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length`))
  return {
    openSockets,
    async held(): Promise<Held> {
      await ask('HeapProfiler.collectGarbage')
      await ask('HeapProfiler.collectGarbage') // what finalizers let go of
      const { heapUsed, external } = (await evaluate('process.memoryUsage()')) as { heapUsed: number; external: number }
      return { heapBytes: heapUsed, outsideHeapBytes: external, residentBytes: residentBytes(pid), openSockets: await openSockets() }
    },
    close: () => socket.terminate(),
  }
}
