import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allEvents, envelopeSchema, messageSchema } from '#contracts/events'
import { ConfigError } from '#kit/config'
import { say } from './terminal.ts'

/**
 * `schemas DIR`: what a service in another language needs beside the broker. `TOPIC.schema.json` for each event, `envelope.schema.json` for what they
 * share, `index.json` from topic to file. Files of these names are written over.
 */
export async function schemasCommand([folder]: readonly string[]): Promise<void> {
  if (!folder) throw new ConfigError('Where to? npm run arena -- schemas DIR')
  await mkdir(folder, { recursive: true })
  const write = (name: string, content: unknown) => writeFile(join(folder, name), `${JSON.stringify(content, null, 2)}\n`)
  const fileOf = (topic: string) => `${topic}.schema.json`
  await write('envelope.schema.json', envelopeSchema)
  for (const event of allEvents) await write(fileOf(event.topic), messageSchema(event))
  await write('index.json', Object.fromEntries(allEvents.map(({ topic }) => [topic, fileOf(topic)])))
  say(`${allEvents.length} events in ${folder}`)
}
