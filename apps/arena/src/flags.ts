import { parseArgs } from 'node:util'
import { ConfigError, environmentHelp, type VariableName } from '#kit/config'

export type Flags = { readonly help: boolean; readonly lan: boolean; readonly settings: Partial<Record<VariableName, string>> }

export const help = `Competa Arena

  npm start                     set up what is missing and run the arena on this machine
  npm start -- --lan            listen for the school's network too; prints the address and a QR code
  npm start -- --port 8081      another port
  npm start -- --data FOLDER    another folder for all that is kept
  npm start -- --no-demo        without the demonstration
  npm start -- --help           this page
  npm run arena -- help         tools for the operator: reset a password, rebuild a board, look at the configuration
  npm test                      every test

Settings of the environment (a flag wins over it; an unknown ARENA_* stops the start):
${environmentHelp()}
`

/** @throws ConfigError with one line for a switch that does not exist or lacks its value. */
export function parseFlags(args: readonly string[]): Flags {
  let values: { help?: boolean; lan?: boolean; port?: string; data?: string; 'no-demo'?: boolean }
  try {
    values = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        lan: { type: 'boolean' },
        port: { type: 'string' },
        data: { type: 'string' },
        'no-demo': { type: 'boolean' },
      },
    }).values
  } catch (cause) {
    throw new ConfigError(`${cause instanceof Error ? cause.message.split('. ')[0] : cause}. npm start -- --help lists the switches`)
  }
  const settings: Partial<Record<VariableName, string>> = {}
  if (values.lan) settings.ARENA_HOST = '0.0.0.0'
  if (values.port !== undefined) settings.ARENA_PORT = values.port
  if (values.data !== undefined) settings.ARENA_DATA_DIR = values.data
  if (values['no-demo']) settings.ARENA_DEMO = 'off'
  return { help: values.help ?? false, lan: values.lan ?? false, settings }
}
