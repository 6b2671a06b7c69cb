// clock.mjs -- what a browser knows of time, and how well. Its monotonic clock is performance.now(): it has a
// grain (0.1 ms in Chromium, 1 ms in Firefox, 100 ms where fingerprinting is resisted), it begins anew with each
// load, and on most systems it stands still while the machine sleeps; Date.now() is anybody's guess.
//
// `mono` here goes on over a reload and is shared by all tabs of one run of the browser, so that what one load has
// promised means something to the next (Mind's `boot`).

/** A jump of Date.now() against mono that no time daemon makes while it slews. */
const SLEPT_MS = 100
const SLEW = 0.005
/** Two loads whose clocks agree within this share one run of mono. */
const SAME_MS = 1000

/** @typedef {{getItem(key: string): string | null, setItem(key: string, value: string): void}} Storage */

export class Clock {
  /** how far apart two readings are at least: a reading says no more than this, either way */
  grain
  /** 16 bytes, the name of this run of mono */
  boot
  #slept = 0
  #shift = 0
  #ahead

  /** @param {Storage | null} storage  @param {{performance?: {now(): number, timeOrigin: number}, date?: {now(): number}, crypto?: Pick<Crypto, 'getRandomValues'>}} [world] */
  constructor(storage, { performance = globalThis.performance, date = Date, crypto = globalThis.crypto } = {}) {
    this.performance = performance
    this.date = date
    this.grain = measureGrain(performance)
    const run = this.#goOn(storage) ?? { boot: toHex(crypto.getRandomValues(new Uint8Array(16))), origin: performance.timeOrigin }
    this.boot = fromHex(run.boot)
    this.#shift = performance.timeOrigin - run.origin
    this.#ahead = date.now() - this.mono()
    storage?.setItem('tocsin/clock', JSON.stringify({ ...run, ahead: this.#ahead }))
  }

  /** The run of mono that an earlier load began, if the clocks say that it goes on. @param {Storage | null} storage */
  #goOn(storage) {
    try {
      const run = JSON.parse(storage?.getItem('tocsin/clock') ?? 'null')
      const mono = this.performance.timeOrigin - run.origin + this.performance.now()
      return /^[0-9a-f]{32}$/.test(run.boot) && Math.abs(this.date.now() - mono - run.ahead) < SAME_MS && mono >= 0 ? { boot: run.boot, origin: run.origin } : null
    } catch {
      return null
    }
  }

  /** Now, in milliseconds. */
  mono() { return this.performance.now() + this.#shift }

  /** The same instant on the clock of performance.now(), and back. @param {number} mono */
  toPerformance(mono) { return mono - this.#shift }
  /** @param {number} at */
  fromPerformance(at) { return at + this.#shift }

  /** What the mind wants to know. A sleep is noticed here: mono stood still while Date.now() went on.
   * @returns {import('./mind.mjs').Clock} */
  read() {
    const mono = this.mono(), utc = this.date.now()
    const jump = utc - mono - this.#ahead
    if (jump > SLEPT_MS + SLEW * Math.max(0, mono - this.#last)) this.#slept += jump
    this.#ahead = utc - mono
    this.#last = mono
    return { mono, utc, slept: this.#slept }
  }
  #last = 0
}

/** The least step that performance.now() takes; the median of some, for a busy machine misses steps. @param {{now(): number}} performance */
function measureGrain(performance) {
  const steps = [], begun = performance.now()
  let last = begun
  while (steps.length < 25 && last - begun < 300) {
    const now = performance.now()
    if (now > last) steps.push(now - last)
    last = now
  }
  return steps.length ? steps.sort((a, b) => a - b)[steps.length >> 1] : 300
}

/** @param {Uint8Array} bytes */
const toHex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
/** @param {string} digits */
const fromHex = digits => Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16))
