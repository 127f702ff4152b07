/** Looks into a Node process that was started with `--inspect=127.0.0.1:PORT`: what it holds, after its garbage was collected. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { residentBytes } from './figures.ts'

export type Held = { readonly heapBytes: number; readonly outsideHeapBytes: number; readonly residentBytes: number }

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
  return {
    async held(): Promise<Held> {
      await ask('HeapProfiler.collectGarbage')
      await ask('HeapProfiler.collectGarbage') // what finalizers let go of
      const { result } = await ask('Runtime.evaluate', { expression: 'JSON.stringify(process.memoryUsage())' })
      const { heapUsed, external } = JSON.parse(result?.value ?? '{}') as { heapUsed: number; external: number }
      return { heapBytes: heapUsed, outsideHeapBytes: external, residentBytes: residentBytes(pid) }
    },
    close: () => socket.terminate(),
  }
}
