// host.mjs -- the data side of the page: hands the mind what arrives and what the clocks say, does what it answers,
// and tells the stage. It decides nothing and draws nothing.
//
// Events: `thought` (detail: Thought, after each), `news` (News), `windows` (they, or whom to believe, have changed),
// `links` (a broker was reached or lost), `bell` (whether this tab is the one that rings has changed).

import { Clock } from './clock.mjs'
import { Keep, findStorage } from './keep.mjs'
import { Mind } from './mind.mjs'
import { clearTimer, setTimer } from './timers.mjs'

export const BROKERS_MAX = 4
const THINK_EVERY_MS = 1000
const FETCH_AGAIN_MS = 15 * 60_000, FETCH_SOON_MS = 20_000
const FETCH_MAX = 2 * 1024 * 1024

/**
 * @typedef {object} HostOptions
 * @property {BufferSource | WebAssembly.Module} wasm
 * @property {string} root          the id of the root that a person gave: the URL's fragment, or what a kit has built in
 * @property {Uint8Array[]} [bundles] records that came with the page
 * @property {typeof import('./wire.mjs').Link} [Link] how brokers are reached; absent: they are not, as in a chat
 * @property {string | null} [origin] where the site's ROOT8.tocsin lies; null: nowhere
 * @property {string[]} [brokers]   instead of those that the root names
 * @property {boolean} [offline]    reach for no broker and no origin
 * @property {string} [languages]
 * @property {string} [place]
 * @property {Uint8Array} [zone]
 * @property {number} [latency]
 * @property {globalThis.Storage | null} [storage]
 * @property {Clock} [clock]
 */

/** Which of the brokers that a root names a page opened from `protocol` may reach: an https page no plain ones.
 * @param {string[]} urls  @param {string} protocol  @returns {string[]} */
export function reachable(urls, protocol) {
  return urls.filter(url => /^wss?:\/\//.test(url) && (protocol !== 'https:' || url.startsWith('wss:')))
}

export class Host extends EventTarget {
  /** @type {import('./wire.mjs').Link[]} */ links = []
  /** @type {import('./mind.mjs').Thought | null} */ thought = null
  /** when it was thought, by clock.mono() */ thoughtAt = 0
  /** @type {import('./mind.mjs').Window[]} */ windows = []
  /** the root whose id was given, once its record is here @type {import('./mind.mjs').Root | null} */ root = null
  /** whether the origin was looked at, if there is one */ hasLooked = false
  #options; #timer = 0; #isOver = false; #brokers = ''
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #fetching

  /** @param {HostOptions} options */
  static async open(options) {
    const { root, storage = findStorage() } = options, clock = options.clock ?? new Clock(storage), keep = new Keep(storage, root)
    const secret = crypto.getRandomValues(new Uint8Array(32))
    return new Host(options, clock, keep, await Mind.open({ ...options, boot: clock.boot, memory: keep.memory, secret }))
  }

  /** @param {HostOptions} options  @param {Clock} clock  @param {Keep} keep  @param {Mind} mind */
  constructor(options, clock, keep, mind) {
    super()
    this.#options = options
    this.clock = clock
    this.keep = keep
    this.mind = mind
    this.wake = () => this.think()
    this.keep.onmemory = memory => {
      this.mind.remember(memory)
      this.think()
    }
    this.keep.onbell = hasBell => {
      this.#tell('bell', hasBell)
      this.think()
    }
    for (const name of ['visibilitychange', 'resume']) globalThis.document?.addEventListener(name, this.wake)
    for (const name of ['pageshow', 'focus', 'online']) globalThis.addEventListener?.(name, this.wake)
    for (const bytes of options.bundles ?? []) this.#take('kit', bytes)
    for (const [source, bytes] of this.keep.records) this.#take(source, bytes)
    this.#again(0) // when whoever opened it listens
    if (!options.offline) this.#fetch()
  }

  close() {
    this.#isOver = true
    clearTimer(this.#timer)
    clearTimeout(this.#fetching)
    for (const name of ['visibilitychange', 'resume']) globalThis.document?.removeEventListener(name, this.wake)
    for (const name of ['pageshow', 'focus', 'online']) globalThis.removeEventListener?.(name, this.wake)
    for (const link of this.links) link.close()
    this.keep.close()
  }

  /** This tab is the one that rings: to be called where a person joins. */
  join() {
    this.keep.takeBell()
    this.think()
  }

  /** Bytes of a file, or text that somebody pasted. What came of it, for people to see.
   * @param {string | Uint8Array} given
   * @returns {{ok: boolean, records: number, signatures: number, known: number, refused: number, why: string}} */
  give(given) {
    const taken = this.#take('given', typeof given === 'string' ? new TextEncoder().encode(given) : given)
    this.think()
    return taken
  }

  /** Other languages, place or zone. @param {{languages?: string, place?: string, zone?: Uint8Array}} site */
  move(site) {
    this.#options = { ...this.#options, ...site }
    const { languages, place, zone } = this.#options
    const isMoved = this.mind.move({ languages, place, zone })
    this.think()
    return isMoved
  }

  /** This site's name in waves by place. */
  get place() { return this.#options.place }

  /** What began, here or in this moment. @param {string} mark */
  began(mark) {
    this.mind.began(mark)
    this.think()
  }

  /** UTC by the best estimate, at an instant of clock.mono(). @param {number} [mono] */
  utc(mono = this.clock.mono()) { return this.thought ? this.thought.utc + (mono - this.thoughtAt) : NaN }

  /** By how much utc() may be wrong, in milliseconds; null: nothing bounds it. */
  get doubt() {
    const { utc = 0, earliest = null, latest = null } = this.thought ?? {}
    return earliest === null || latest === null ? null : Math.max(utc - earliest, latest - utc)
  }

  /** Asks the mind, and does what it says. */
  think() {
    if (this.#isOver) return
    const clock = this.clock.read()
    const thought = this.mind.think(clock)
    /* a reading of the clock says no more than its grain */
    if (thought.earliest !== null) thought.earliest -= this.clock.grain
    if (thought.latest !== null) thought.latest += this.clock.grain
    this.thought = thought
    this.thoughtAt = clock.mono
    for (const question of thought.questions) this.links[question.broker]?.ask(question)
    for (const news of thought.news) this.#tell('news', news)
    if (!this.keep.hasBell) for (const shot of thought.shots) shot.held = true
    if (thought.save && this.keep.hasBell && this.keep.saveMemory(this.mind.memory())) {
      this.mind.saved()
      if (thought.shots.some(shot => shot.held)) return this.#again(0)
    }
    if (thought.changed) this.#look()
    this.#again(thought.wake - clock.mono)
    this.#tell('thought', thought)
  }

  /** @param {number} ms */
  #again(ms) {
    clearTimer(this.#timer)
    this.#timer = setTimer(() => this.think(), Math.max(0, Math.min(ms, THINK_EVERY_MS)))
  }

  /** @param {string} name  @param {unknown} detail */
  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })) }

  /** The lists have changed: subscribe, connect, show. */
  #look() {
    const { topics, brokers, windows } = this.mind.lists(), { Link } = this.#options
    this.windows = windows
    this.root = this.mind.roots()[0] ?? null
    const named = this.#options.brokers ?? reachable(brokers, globalThis.location?.protocol ?? 'http:')
    if (Link && !this.#options.offline && named.join(' ') !== this.#brokers) {
      this.#brokers = named.join(' ')
      for (const link of this.links) link.close()
      this.links = named.slice(0, BROKERS_MAX).map((url, broker) => this.#connect(Link, url, broker))
    }
    for (const link of this.links) link.subscribe(topics)
    this.#tell('windows', windows)
  }

  /** @param {NonNullable<HostOptions['Link']>} Link  @param {string} url  @param {number} broker */
  #connect(Link, url, broker) {
    return new Link(url, this.clock, {
      onlink: isUp => {
        if (this.#isOver) return
        this.mind.link(this.clock.read(), broker, isUp)
        this.#tell('links', this.links)
        this.think()
      },
      onsent: (question, sent) => { if (!this.#isOver) this.mind.sent(question, sent - this.clock.grain) },
      onmessage: (topic, payload, arrived, retained) => {
        if (this.#isOver) return
        const isRecords = topic.split('/')[3] === 'records'
        if (isRecords) this.#take(topic.split('/')[4] ?? '', payload)
        else this.mind.heard(this.clock.read(), { broker, topic, payload, arrived: arrived + this.clock.grain, retained })
        this.think()
      },
    })
  }

  /** Records from anywhere; what is good is kept for the next load. @param {string} source  @param {Uint8Array} bytes */
  #take(source, bytes) {
    const isFirst = this.mind.roots().length === 0
    if (isFirst) {
      const { ok, why } = this.mind.anchor(bytes, this.#options.root)
      if (!ok) return { ok, records: 0, signatures: 0, known: 0, refused: 0, why }
      this.keep.saveRecords('root', bytes)
    }
    const taken = this.mind.put(bytes)
    if (isFirst) taken.records += taken.known, taken.known = 0 // with the root came all of it
    if (taken.records + taken.signatures > 0) this.keep.saveRecords(source, bytes)
    return { ...taken, why: '' }
  }

  async #fetch() {
    let again = FETCH_SOON_MS
    const { origin, root } = this.#options
    try {
      if (!origin) return
      const response = await fetch(new URL(`${root.slice(0, 16)}.tocsin`, origin), { cache: 'no-cache', credentials: 'omit' })
      if (response.ok) {
        this.#take('origin', await readAtMost(response, FETCH_MAX))
        again = FETCH_AGAIN_MS
      }
    } catch { /* no network, or no such file: the other sources go on */ } finally { this.hasLooked = true }
    if (this.#isOver) return
    this.#fetching = setTimeout(() => this.#fetch(), again * (0.75 + Math.random() / 2))
    this.think()
  }
}

/** @param {Response} response  @param {number} most */
async function readAtMost(response, most) {
  const chunks = [], reader = response.body?.getReader()
  let size = 0
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length
    if (size > most) {
      await reader?.cancel()
      throw new Error('it is too long')
    }
    chunks.push(part.value)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) whole.set(chunk, at), at += chunk.length
  return whole
}
