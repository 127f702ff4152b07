/*
about: reads files, connects, signals and starts commands by Node's own modules
expect: AC
limits: { memoryMiB: 128, cpuMs: 2000 }
tests: [{ in: "@secret@ @port@ @pid@\n", out: "nothing\n" }]
*/
const fs = require('node:fs')
const net = require('node:net')
const { spawnSync } = require('node:child_process')
const [secret, port, pid] = fs.readFileSync(0, 'utf8').trim().split(' ')
const found = []
const attempt = (what, reach) => {
  try {
    if (reach()) found.push(what)
  } catch (refused) {
    return
  }
}
attempt('secret', () => fs.readFileSync(secret, 'utf8'))
attempt('shadow', () => fs.readFileSync('/etc/shadow', 'utf8'))
attempt('environment', () => fs.readFileSync('/proc/1/environ').length)
attempt('home', () => fs.readdirSync('/root').length)
attempt('signal', () => Number(pid) !== process.pid && process.kill(Number(pid), 0))
attempt('command', () => spawnSync('/bin/cat', [secret]).stdout.length)
attempt('variables', () => Object.keys(process.env).some((name) => /^(ARENA|npm)_/i.test(name)))
const socket = net.connect({ port: Number(port), host: '127.0.0.1' })
socket.once('connect', () => found.push('connection') && socket.destroy())
socket.once('error', () => undefined)
socket.once('close', () => console.log(found.length === 0 ? 'nothing' : `ESCAPED ${found}`))
