// hostile.mjs MODULES TOPIC: brokers that mean no good, over WebSocket. Prints {"kind": url} of each.
//   hang     takes the connection and says nothing
//   garbage  answers with what is no MQTT
//   giant    a message of 256 MB, as fast as it goes
//   flood    messages without end on the tick topic
import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'

const [modules, topic] = process.argv.slice(2)
const require = createRequire(modules)
const { WebSocketServer } = require('ws')
const packet = require('mqtt-packet')

const make = (cmd, more) => packet.generate({ cmd, ...more })
const publish = payload => make('publish', { topic, payload, qos: 0, retain: false, dup: false })

const kinds = {
  hang() {},
  garbage(socket) { socket.send(randomBytes(1000)) },
  giant(socket) {
    socket.send(make('connack', { returnCode: 0, sessionPresent: false }))
    socket.send(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, topic.length, ...Buffer.from(topic)])) // 256 MB follow
    const more = setInterval(() => socket.readyState === 1 ? socket.send(Buffer.alloc(65536)) : clearInterval(more), 1)
  },
  flood(socket) {
    socket.send(make('connack', { returnCode: 0, sessionPresent: false }))
    const more = setInterval(() => {
      if (socket.readyState !== 1) return clearInterval(more)
      for (let i = 0; i < 200; i++) socket.send(publish(randomBytes(222)))
    }, 5)
  },
}

const urls = {}
for (const [kind, serve] of Object.entries(kinds)) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' })
  server.on('connection', socket => {
    socket.on('error', () => {})
    serve(socket)
  })
  await new Promise(resolve => server.on('listening', resolve))
  urls[kind] = `ws://127.0.0.1:${server.address().port}`
}
console.log(JSON.stringify(urls))
