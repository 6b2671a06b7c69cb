// wire.mjs -- brokers over WebSocket: MQTT 3.1.1, exact topics, random names, nothing published but questions. A
// broker is nobody: what it sends is bytes for the mind, within limits; it may lie, flood, hang or die.

import mqtt from 'mqtt'
import { clearTimer, setTimer } from './timers.mjs'

/** The most that is read of one message, and of one that is not whole yet: the records topic holds 256 KiB. */
export const MESSAGE_MAX = 300 * 1024
/** More than this in ten seconds is a flood: the broker is left alone for a while. */
const FLOOD_BYTES = 4 * 1024 * 1024, FLOOD_MESSAGES = 2000, FLOOD_MS = 10_000
const WAIT_LEAST_MS = 500, WAIT_MOST_MS = 60_000, WAIT_DROPPED_MS = 120_000
/** Answers to the last question of a burst may come when the next one has begun. */
const ANSWERS_MAX = 16

/** @typedef {{mono(): number}} Clock */
/** @typedef {{url: string, isUp: boolean, why: string}} LinkState */

export class Link {
  #client; #clock; #arrived = 0; #unread = 0; #bytes = 0; #messages = 0; #since = 0; #waits = 0; #timer = 0; #isDialling = false; #topics = new Set(); #dropped = ''
  /** @type {string[]} */
  #answers = []
  /** questions that are not written yet: MQTT.js writes later @type {Uint8Array[]} */
  #unsent = []
  #onsent
  isUp = false
  /** why it is not, for people */
  why = 'not reached yet'

  /**
   * @param {string} url
   * @param {Clock} clock
   * @param {{onmessage(topic: string, payload: Uint8Array, arrived: number, retained: boolean): void, onsent(question: Uint8Array, sent: number): void, onlink(isUp: boolean): void}} handlers
   */
  constructor(url, clock, handlers) {
    this.url = url
    this.#clock = clock
    this.#onsent = handlers.onsent
    this.#client = mqtt.connect(url, {
      protocolVersion: 4, clean: true, keepalive: 30, connectTimeout: 10_000, reconnectPeriod: 0, // its own is fixed before a connection is lost
      clientId: `t${Math.random().toString(36).slice(2, 12)}`, resubscribe: false, queueQoSZero: false, forceNativeWebSocket: true,
      createWebsocket: (address, protocols) => this.#open(address, protocols),
    })
    const client = this.#client
    client.on('connect', () => {
      this.isUp = true
      this.#waits = 0
      this.#answers = []
      this.#unsent = []
      for (const topic of this.#topics) this.#subscribe(topic)
      handlers.onlink(true)
    })
    client.on('packetreceive', () => { this.#unread = 0 })
    client.on('message', (topic, payload, packet) => {
      if (this.#isFlood(payload.length)) return
      handlers.onmessage(topic, payload, this.#arrived, packet.retain)
    })
    client.on('close', () => {
      const wasUp = this.isUp
      this.isUp = false
      this.#again()
      if (this.#dropped || wasUp) this.why = this.#dropped || 'the connection was lost'
      this.#dropped = ''
      if (wasUp) handlers.onlink(false)
    })
    client.on('error', error => { this.why = String(error.message ?? error).slice(0, 200) })
  }

  /** Each time longer, and no two pages at once: a broker that comes back is not met by everybody. */
  #again() {
    if (this.#isDialling) return // one loss is told more than once
    const most = this.#dropped ? 2 * WAIT_DROPPED_MS : Math.min(WAIT_MOST_MS, WAIT_LEAST_MS * 2 ** this.#waits++)
    this.#isDialling = true
    this.#timer = setTimer(() => {
      this.#isDialling = false
      this.#client.reconnect()
    }, most / 2 + Math.random() * most / 2)
  }

  /** A question is stamped before it is written, arrival before anybody unpacks; what is too long is never put together.
   * @param {string} address  @param {string[]} protocols */
  #open(address, protocols) {
    const socket = new WebSocket(address, protocols)
    socket.binaryType = 'arraybuffer'
    const send = socket.send.bind(socket)
    socket.send = bytes => {
      const sent = this.#clock.mono()
      send(bytes)
      if (this.#unsent.length) this.#tellSent(/** @type {Uint8Array} */ (bytes), sent)
    }
    socket.addEventListener('message', event => {
      this.#arrived = this.#clock.mono()
      this.#unread += event.data.byteLength ?? event.data.length
      if (this.#unread > MESSAGE_MAX) this.#drop('it sent a message that is too long')
    })
    return socket
  }

  /** @param {Uint8Array} bytes  @param {number} sent */
  #tellSent(bytes, sent) {
    const text = (/** @type {Uint8Array} */ bytes) => String.fromCharCode(...bytes), written = text(bytes)
    this.#unsent = this.#unsent.filter(question => {
      const isWritten = written.includes(text(question))
      if (isWritten) this.#onsent(question, sent)
      return !isWritten
    })
  }

  /** @param {number} size */
  #isFlood(size) {
    const now = this.#clock.mono()
    if (now - this.#since > FLOOD_MS) {
      this.#since = now
      this.#bytes = this.#messages = 0
    }
    this.#bytes += size
    if (this.#bytes <= FLOOD_BYTES && ++this.#messages <= FLOOD_MESSAGES) return false
    this.#drop('it flooded this page')
    return true
  }

  /** @param {string} why */
  #drop(why) {
    this.#dropped = why
    this.#unread = 0
    this.#client.stream?.destroy()
  }

  /** @param {{name: string, qos: 0|1}} topic */
  #subscribe({ name, qos }) { this.#client.subscribe(name, { qos }, () => {}) }

  /** @param {{name: string, qos: 0|1}[]} topics */
  subscribe(topics) {
    for (const topic of topics) {
      if ([...this.#topics].some(({ name }) => name === topic.name)) continue
      this.#topics.add(topic)
      if (this.isUp) this.#subscribe(topic)
    }
  }

  /** A broker serves one connection in order: no answer comes before the subscription.
   * @param {import('./mind.mjs').Question} question */
  ask({ topic, answer, payload }) {
    if (!this.isUp) return
    if (!this.#answers.includes(answer)) {
      if (this.#answers.push(answer) > ANSWERS_MAX) this.#client.unsubscribe(this.#answers.shift() ?? '')
      this.#subscribe({ name: answer, qos: 0 })
    }
    this.#unsent.push(payload)
    this.#client.publish(topic, /** @type {any} */ (payload), { qos: 0, retain: false })
  }

  close() {
    clearTimer(this.#timer)
    this.#isDialling = true // never again
    this.#client.end(true)
  }
}
