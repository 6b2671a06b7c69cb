// mind.mjs -- the listener's mind: decides about records, ticks, time and T-0. It is the C library,
// compiled to WebAssembly; this file only carries values over. It knows no clock, no socket and no
// storage: whoever holds it hands in bytes and clock readings, and does what a thought says.
//
// Times are milliseconds as numbers. `mono`: a monotonic clock of the caller's; `utc`: since 1970.

/**
 * What the host's clocks say at one moment.
 * @typedef {object} Clock
 * @property {number} mono
 * @property {number} utc     Date.now(), say
 * @property {number} [bound] the half-width within which somebody vouches for `utc`; in a browser nobody does
 * @property {number} [slept] for how long `mono` has stood still in sleep so far; a change voids all that was heard
 */

/**
 * @typedef {object} Options
 * @property {BufferSource | WebAssembly.Module} wasm
 * @property {string} [languages] of titles, by preference: 'it,en'
 * @property {string} [place]     this site's name in waves by place
 * @property {Uint8Array} [zone]  this site's zone, a TZif file (RFC 8536)
 * @property {number} [latency]   how long lamp or speaker take: a shot's `begin` is that earlier
 * @property {Uint8Array} [secret] 32 random bytes, new in each run: questions are made of them. Absent: never ask
 * @property {Uint8Array} [boot]  16 bytes that name this run of `mono`, the same after a reload that goes on with it
 * @property {string} [memory]    what memory() gave an earlier run
 */

/**
 * A start that is planned.
 * @typedef {object} Shot
 * @property {string} mark   the occurrence: ROOT/UID/KEY
 * @property {number} begin  begin when `mono` reaches this, never before; it may move with the next thought
 * @property {boolean} held  prepare it and do not begin: what must be durable is not (thought.save)
 */

/**
 * @typedef {object} Beacon
 * @property {string} key
 * @property {string} name
 * @property {number} root      whose: a place in roots()
 * @property {boolean} heard
 * @property {boolean} agrees   with the majority of the clocks
 * @property {boolean} lost
 * @property {boolean} liar     it signed two things that cannot both be true, and is ignored
 */

/**
 * Whether the records of a root are known to be all: fewer of its beacons than needed may have told in time what is in force.
 * @typedef {object} Freshness
 * @property {number} beacons      that the root names
 * @property {number} told         of them
 * @property {number} needed
 * @property {boolean} stale       fewer told than needed, though some ever did: something may have changed since
 * @property {number | null} until when it is so no more, or since when it is stale; null: no beacon ever told
 */

/**
 * A question to send at once, QoS 0, not retained; subscribe to `answer` before, and leave it a minute later.
 * @typedef {object} Question
 * @property {number} broker
 * @property {string} topic
 * @property {string} answer
 * @property {Uint8Array} payload
 */

/**
 * @typedef {object} News
 * @property {'armed'|'joined'|'missed'|'before'|'started'|'ended'|'moved'|'withdrawn'|'beacon'|'liar'|'refused'|'clock'|'alert'} kind
 * @property {string} text        one English sentence without a full stop
 * @property {string | null} mark which occurrence it is about
 */

/**
 * What is so, and what to do now.
 * @typedef {object} Thought
 * @property {number} utc             the best estimate
 * @property {boolean} bounded        whether the next two are known
 * @property {number | null} earliest UTC is certainly not earlier
 * @property {number | null} latest   nor later
 * @property {boolean} proved         both edges rest on beacons' proofs, none on somebody's word
 * @property {'nothing'|'host'|'few'|'beacons'} earliestRests
 * @property {'nothing'|'host'|'few'|'beacons'} latestRests
 * @property {''|'nothing-known'|'not-vouched'|'far-behind'|'no-majority'|'capped'|'below-floor'|'together'|'may-be-ahead'} doubt
 * @property {string} why             the doubt as an English sentence
 * @property {string | null} next     the mark of what comes next, or goes on
 * @property {boolean} save           keep memory() durably, then call saved()
 * @property {boolean} changed        lists() gives other things than before
 * @property {number} wake            think again no later than `mono` reads this
 * @property {Shot[]} shots           all that should be set now, and no others
 * @property {Beacon[]} beacons
 * @property {Freshness[]} freshness of each of roots()
 * @property {Question[]} questions
 * @property {News[]} news
 */

/**
 * One occurrence of a declared window.
 * @typedef {object} Window
 * @property {string} mark           ROOT/UID/KEY; the places of one wave share it
 * @property {number} root           a place in roots()
 * @property {string} title          in the first of the languages that it has
 * @property {string | null} lang    the tag of that title; null: no language is given
 * @property {string | null} about
 * @property {string} gesture        'silence', 'candles', ... an organizer's word
 * @property {'mourning'|'vigil'|'celebration'|'reflection'} tone
 * @property {string | null} url
 * @property {string} rule
 * @property {null|'clock'|'place'|'day'} wave  null: the same instant everywhere
 * @property {string | null} place   of a wave by place
 * @property {string | null} local   of a wave, what clocks show there: '2027-05-01 20:00:00' or '2027-05-01'
 * @property {number | null} t0      UTC; null: it depends on a zone that was not given, or has none (whole days)
 * @property {number | null} end
 * @property {number} duration
 * @property {'coming'|'armed'|'begun'|'joined'|'before'|'over'|'elsewhere'|'tentative'|'off'|'cancelled'|'expired'} state
 * @property {boolean} contested     two declarations at once: the one before holds
 * @property {boolean} alerted       a change that its lock refused: a person should look
 * @property {number} signatures
 * @property {number} threshold
 * @property {string | null} why     its state as an English sentence; of a cancelled one the reason given
 */

/**
 * @typedef {object} Root
 * @property {string} id       of this very record, 64 hexadecimal digits
 * @property {string} words    the same for the ear
 * @property {number} version
 * @property {number} threshold
 * @property {number} organizers
 * @property {string} name
 */

/** Outside bytes are at most so long: a bundle of a whole constellation is much less. */
export const BYTES_MAX = 4 * 1024 * 1024

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** What a WASI module asks of its host where it touches nothing: an assertion may be written, and that is all.
 * @param {() => WebAssembly.Memory} memory */
function wasi(memory) {
  const EBADF = 8
  return {
    fd_close: () => EBADF,
    fd_seek: () => EBADF,
    /** @param {number} fd  @param {number} vectors  @param {number} count  @param {number} written */
    fd_write(fd, vectors, count, written) {
      const view = new DataView(memory().buffer)
      let text = '', size = 0
      for (let i = 0; i < count; i++) {
        const at = view.getUint32(vectors + 8 * i, true), length = view.getUint32(vectors + 8 * i + 4, true)
        text += decoder.decode(new Uint8Array(memory().buffer, at, length))
        size += length
      }
      console.error(text)
      view.setUint32(written, size, true)
      return 0
    },
    proc_exit(/** @type {number} */ code) { throw new Error(`the mind stopped (${code})`) },
  }
}

export class Mind {
  /** @type {any} */ #exports; #site = 0

  /** @param {Options} options  @returns {Promise<Mind>} */
  static async open(options) {
    const module = options.wasm instanceof WebAssembly.Module ? options.wasm : await WebAssembly.compile(options.wasm)
    const mind = new Mind()
    const { exports } = /** @type {{exports: any}} */ (await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi(() => mind.#exports.memory) }))
    mind.#exports = exports
    exports._initialize()
    mind.#site = mind.#with([text(options.languages), text(options.place), options.zone, options.secret, options.boot],
      ([languages, place, zone, secret, boot]) =>
        exports.page_open(languages, place, zone, options.zone?.length ?? 0, options.latency ?? 0, secret, boot))
    if (!mind.#site) throw new Error('no memory, or the zone is not a TZif file')
    if (options.memory) {
      const bytes = encoder.encode(options.memory)
      mind.#with([bytes], ([at]) => exports.tocsin_remember(mind.#site, at, bytes.length))
    }
    return mind
  }

  /** A root that a person gave: bytes of a record or bundle, or text with a bundle in it. With an id that a person
   * gave, the bytes may be anybody's: the root record of that very content is taken, and no other.
   * @param {Uint8Array} bytes  @param {string} [id]  @returns {{ok: boolean, why: string}} */
  anchor(bytes, id) {
    if (bytes.length > BYTES_MAX) return { ok: false, why: 'it is larger than any root' }
    return this.#json(this.#with([text(id), bytes], ([name, at]) =>
      this.#exports.page_anchor(this.#site, name, at, bytes.length)))
  }

  /** Whom it believes: what people compare. @returns {Root[]} */
  roots() { return this.#json(this.#exports.page_roots(this.#site)) }

  /** Records from anywhere: a bundle, or text with one in it. `records` and `signatures` count new ones.
   * @param {Uint8Array} bytes
   * @returns {{ok: boolean, records: number, signatures: number, known: number, refused: number}} */
  put(bytes) {
    if (bytes.length > BYTES_MAX) return { ok: false, records: 0, signatures: 0, known: 0, refused: 1 }
    return this.#json(this.#with([bytes], ([at]) => this.#exports.page_put(this.#site, at, bytes.length)))
  }

  /** A message of a broker, of whatever topic; false: nothing was learnt from it.
   * @param {Clock} clock
   * @param {{broker: number, topic: string, payload: Uint8Array, arrived: number, retained: boolean}} message */
  heard(clock, { broker, topic, payload, arrived, retained }) {
    if (payload.length > BYTES_MAX || topic.length > 200) return false
    this.#clock(clock)
    return !!this.#with([text(topic), payload], ([name, at]) =>
      this.#exports.page_heard(this.#site, broker, name, at, payload.length, arrived, retained))
  }

  /** A broker was reached or lost. @param {Clock} clock  @param {number} broker  @param {boolean} isUp */
  link(clock, broker, isUp) {
    this.#clock(clock)
    this.#exports.page_link(this.#site, broker, isUp)
  }

  /** A question was written when `mono` had been read, and no earlier: half of what has passed since its thought
   * would count as an error of the clock. @param {Uint8Array} question  @param {number} mono */
  sent(question, mono) { this.#with([question], ([at]) => this.#exports.page_sent(this.#site, at, mono)) }

  /** @param {Clock} clock  @returns {Thought} */
  think(clock) {
    this.#clock(clock)
    const thought = this.#json(this.#exports.page_think(this.#site))
    for (const question of thought.questions) question.payload = fromHex(question.payload)
    return thought
  }

  /** What to subscribe to on every broker, which brokers the roots name, and all that is known and not over, by
   * start. @returns {{topics: {name: string, qos: 0|1}[], brokers: string[], windows: Window[]}} */
  lists() { return this.#json(this.#exports.page_lists(this.#site)) }

  /** It began, here or in another tab or run: never again. False: not a mark. @param {string} mark */
  began(mark) { return !!this.#with([text(mark)], ([at]) => this.#exports.tocsin_began(this.#site, at)) }

  /** What must survive a restart. @returns {string} */
  memory() {
    const { tocsin_memory, malloc, free } = this.#exports
    const size = tocsin_memory(this.#site, 0, 0) + 1
    const at = malloc(size)
    if (!at) throw new Error('no memory')
    tocsin_memory(this.#site, at, size)
    const written = this.#text(at)
    free(at)
    return written
  }

  /** What memory() gave last is durable. */
  saved() { this.#exports.tocsin_saved(this.#site) }

  /** Marks of another tab's memory(). @param {string} memory */
  remember(memory) {
    const bytes = encoder.encode(memory)
    this.#with([bytes], ([at]) => this.#exports.tocsin_remember(this.#site, at, bytes.length))
  }

  /** Other languages, another place or zone from now on; false, and nothing changes: the zone is not one.
   * @param {{languages?: string, place?: string, zone?: Uint8Array}} site */
  move({ languages, place, zone }) {
    return !!this.#with([text(languages), text(place), zone], ([spoken, named, at]) =>
      this.#exports.page_move(this.#site, spoken, named, at, zone?.length ?? 0))
  }

  /** How much memory it holds, in bytes: it never shrinks. */
  get size() { return this.#exports.memory.buffer.byteLength }

  /** @param {Clock} clock */
  #clock({ mono, utc, bound, slept }) { this.#exports.page_clock(mono, utc, bound ?? -1, slept ?? 0) }

  /** Lends copies of bytes for one call; undefined is NULL.
   * @template T  @param {(Uint8Array | undefined)[]} list  @param {(places: number[]) => T} call */
  #with(list, call) {
    const { malloc, free } = this.#exports
    const at = list.map(bytes => {
      if (bytes === undefined) return 0
      const place = malloc(bytes.length || 1)
      if (!place) throw new Error('no memory')
      new Uint8Array(this.#exports.memory.buffer).set(bytes, place)
      return place
    })
    try { return call(at) } finally { for (const place of at) free(place) }
  }

  /** @param {number} at */
  #text(at) {
    const bytes = new Uint8Array(this.#exports.memory.buffer)
    return decoder.decode(bytes.subarray(at, bytes.indexOf(0, at)))
  }

  /** @param {number} at */
  #json(at) {
    if (!at) throw new Error('no memory')
    return JSON.parse(this.#text(at))
  }
}

/** NUL-terminated. @param {string} [string] */
function text(string) { return string === undefined ? undefined : encoder.encode(string.replaceAll('\0', '') + '\0') }

/** @param {string} digits */
function fromHex(digits) { return Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16)) }
