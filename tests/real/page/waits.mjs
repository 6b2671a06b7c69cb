// waits.mjs HOST.mjs MODULES: when a page dials a broker again, by a clock that jumps. Prints the gaps in seconds, of one
// that floods and of one that is not there: {"flood": [...], "gone": [...]}.
import { createRequire } from 'node:module'
import { mock } from 'node:test'

const [host, modules] = process.argv.slice(2)
globalThis.navigator ??= { language: 'en' }
const { WebSocket, WebSocketServer } = createRequire(modules)('ws')
const { Link } = await import(host)
const later = () => new Promise(resolve => setImmediate(resolve))
let now = 0
/** @type {number[]} */
const dialled = []
let isSet = false
globalThis.WebSocket = class extends WebSocket {
  constructor(...of) {
    super(...of)
    dialled.push(now)
    isSet = false
  }
}
mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
const pretended = globalThis.setTimeout
globalThis.setTimeout = (call, ms, ...id) => {
  isSet ||= id.length > 0 // by timers.mjs
  return pretended(call, ms, ...id)
}

/** Until it was dialled so often, the connection lost each time. */
async function gaps(url, count) {
  const link = new Link(url, { mono: () => now }, { onmessage() {}, onlink() {} })
  for (dialled.splice(0, Infinity, now); dialled.length < count;) {
    while (!isSet) await later()
    now += 100
    mock.timers.tick(100)
  }
  link.close()
  return dialled.slice(1).map((at, i) => (at - dialled[i]) / 1000)
}

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' })
server.on('connection', one => {
  one.on('error', () => {})
  one.send(Buffer.from([0x20, 2, 0, 0]))
  for (let i = 0; i < 2100; i++) one.send(Buffer.from([0x30, 4, 0, 1, 0x61, 0x62]))
})
await new Promise(resolve => server.on('listening', resolve))
const url = `ws://127.0.0.1:${server.address().port}`
const flood = await gaps(url, 4)
server.close()
console.log(JSON.stringify({ flood, gone: await gaps(url, 14) }))
process.exit(0)
