// sound.mjs -- sound as a clock. What begins is set in the audio graph ahead, to the sample: no timer stands between a
// plan and its bell, and a page in the background keeps its word. The bell and the tick are made here; no file is loaded.
//
// The audio clock runs ahead of what is heard by what the device says of its output, and by what it does not say:
// until a person has tuned it by ear (`tuned`), that rest is doubt.

const OFFSETS_MAX = 31
/** What getOutputTimestamp says is believed within these: of its age, and of how far the graph may be ahead of the ear. */
const STAMP_AGE_MS = 1000, AHEAD_MAX_S = 1.5
/** So many readings in a row that are so far off start the estimate anew: the context stood still or fell behind. */
const JUMP_MS = 15, JUMPS = 3
/** What is set stays as it is where it would move by less, and where the graph has it in its hands already. */
const STAYS_MS = 2, HELD_S = 0.05
/** Ticks that are farther off are moved when they come near: all of them each time would be work without end. */
const NEAR_S = 3
/** Ticks are set so far ahead: where timers are held back to one a minute they go on. */
const TICKS_AHEAD_S = 70
/** What loudspeakers add that browsers do not know of, without and with a word of the browser on its output. */
export const UNTOLD_MS = 20, UNKNOWN_MS = 150

/** @typedef {{mono: number, at: number, node: AudioScheduledSourceNode}} Set  when, and in the context's time */

export class Sound {
  /** how much later than the browser thinks sound is heard here, in ms; null: nobody has tuned it @type {number | null} */
  tuned = null
  isTicking = true
  #clock; #jumps = 0; #isStamped = false
  /** @type {AudioContext | undefined} */ #context
  /** @type {AudioBuffer | undefined} */ #bell
  /** @type {AudioBuffer | undefined} */ #tick
  /** @type {number[]} */ #offsets = []
  /** @type {Map<string, Set>} */ #shots = new Map()
  /** @type {Map<number, Set>} */ #ticks = new Map()

  /** @param {import('./clock.mjs').Clock} clock */
  constructor(clock) { this.#clock = clock }

  /** To be called within a person's gesture: before that browsers make no sound. */
  async unlock() {
    const { navigator, AudioContext } = /** @type {any} */ (globalThis)
    if (!AudioContext) return
    if ('audioSession' in navigator) navigator.audioSession.type = 'playback' // goes on in the background, and when muted
    const context = this.#context ??= /** @type {AudioContext} */ (new AudioContext({ latencyHint: 'interactive' }))
    this.#bell ??= makeBell(context)
    this.#tick ??= makeTick(context)
    await context.resume()
    this.look()
  }

  get isOn() { return this.#context?.state === 'running' }

  /** How much later than planned sound may be heard, in ms. */
  get doubt() { return this.tuned !== null ? 5 : this.#isStamped || this.#context?.outputLatency ? UNTOLD_MS : UNKNOWN_MS }

  /** Reads both clocks. Often: what one reading says is a median's. */
  look() {
    const context = this.#context
    if (!context || !this.isOn) return
    const now = this.#clock.mono()
    const offset = this.#stamped(context, now) ?? this.#unstamped(context, now)
    const known = this.#offset()
    this.#jumps = known !== null && Math.abs(known - offset) > JUMP_MS ? this.#jumps + 1 : 0
    if (this.#jumps === JUMPS) this.#offsets = this.#offsets.slice(1 - JUMPS)
    this.#offsets.push(offset)
    if (this.#offsets.length > OFFSETS_MAX) this.#offsets.shift()
  }

  /** mono less the context's time, both in ms, by what the browser says is being heard; null: not to be believed.
   * @param {AudioContext} context  @param {number} now */
  #stamped(context, now) {
    this.#isStamped = false
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp?.() ?? {}
    if (!(contextTime > 0 && performanceTime > 0)) return null
    const at = this.#clock.fromPerformance(performanceTime)
    const ahead = context.currentTime - (contextTime + (now - at) / 1000)
    if (Math.abs(now - at) > STAMP_AGE_MS || ahead < -0.02 || ahead > AHEAD_MAX_S) return null
    if (ahead < (context.outputLatency || 0) / 2) return null // Firefox tells of what is written, not of what is heard
    this.#isStamped = true
    return at - contextTime * 1000
  }

  /** @param {AudioContext} context  @param {number} now */
  #unstamped(context, now) { return now - (context.currentTime - (context.baseLatency || 0) - (context.outputLatency || 0)) * 1000 }

  #offset() {
    const sorted = [...this.#offsets].sort((a, b) => a - b)
    return sorted.length ? sorted[sorted.length >> 1] : null
  }

  /** When to start in the context, so that it is heard at `mono`. @param {number} mono  @param {number | null} [tuned] */
  #at(mono, tuned = this.tuned) { return (mono - (this.#offset() ?? 0) - (tuned ?? 0)) / 1000 }

  /** @param {AudioBuffer | undefined} buffer  @param {number} mono */
  #start(buffer, mono) {
    const context = /** @type {AudioContext} */ (this.#context), at = this.#at(mono)
    const node = context.createBufferSource()
    node.buffer = buffer ?? null
    node.connect(context.destination)
    node.start(Math.max(at, context.currentTime))
    return { mono, at, node }
  }

  /** Whether it begins so soon, by either clock, that it is no longer taken back: a graph may have fallen behind.
   * @param {Set} set */
  #isHeld(set) { return Math.min(set.at - (this.#context?.currentTime ?? 0), (set.mono - this.#clock.mono()) / 1000) <= HELD_S }

  /** @param {Set} set */
  #isFar(set) { return set.at > (this.#context?.currentTime ?? 0) + NEAR_S }

  /** Whether it is to begin then, by what is known of the clocks now. @param {Set} set  @param {number} mono */
  #isAt(set, mono) { return Math.abs(this.#at(mono) - set.at) * 1000 < STAYS_MS }

  /** Sets all that should be set, and nothing else. What has begun rings to its end.
   * @param {import('./mind.mjs').Shot[]} shots  @param {number} utcAhead  UTC less mono, in ms; NaN: not known */
  plan(shots, utcAhead) {
    if (!this.isOn) return
    this.look()
    const now = this.#clock.mono()
    const wanted = new Map(shots.filter(({ held }) => !held).map(({ mark, begin }) => [mark, begin]))
    for (const [mark, set] of this.#shots) {
      const begin = wanted.get(mark)
      if (this.#isHeld(set) || (begin !== undefined && this.#isAt(set, begin))) continue
      set.node.stop()
      this.#shots.delete(mark)
    }
    for (const [mark, begin] of wanted) {
      if (this.#shots.has(mark)) continue
      this.#shots.set(mark, this.#start(this.#bell, begin))
      performance.mark('tocsin-sound', { detail: { mark, begin, at: this.#at(begin) } })
    }
    this.#planTicks(now, utcAhead)
  }

  /** @param {number} now  @param {number} utcAhead */
  #planTicks(now, utcAhead) {
    const wanted = new Set()
    if (this.isTicking && !Number.isNaN(utcAhead)) {
      const second = Math.ceil((now + utcAhead + 50) / 1000)
      for (let i = second; i < second + TICKS_AHEAD_S; i++) wanted.add(i)
    }
    for (const [second, set] of this.#ticks) {
      if (second * 1000 - utcAhead <= now) this.#ticks.delete(second)
      else if (!this.#isHeld(set) && !(wanted.has(second) && (this.#isFar(set) || this.#isAt(set, second * 1000 - utcAhead)))) {
        set.node.stop()
        this.#ticks.delete(second)
      }
    }
    for (const second of wanted) {
      if (!this.#ticks.has(second)) this.#ticks.set(second, this.#start(this.#tick, second * 1000 - utcAhead))
    }
  }

  /** What a person's taps beside the ticks say: by how much sound is late, as the median; null: too uneven, or too few.
   * @param {number[]} taps  in mono  @param {number} utcAhead */
  tune(taps, utcAhead) {
    const late = taps.map(tap => {
      const past = (((tap + utcAhead) % 1000) + 1000) % 1000
      return past > 700 ? past - 1000 : past
    }).sort((a, b) => a - b)
    const spread = late[Math.floor(late.length * 0.8)] - late[Math.floor(late.length * 0.2)]
    if (late.length < 6 || spread > 80) return null
    return Math.round((this.tuned ?? 0) + late[late.length >> 1])
  }

  /** Takes back all that is set and has not begun. */
  silence() {
    for (const sets of /** @type {Map<unknown, Set>[]} */ ([this.#shots, this.#ticks])) {
      for (const [key, set] of sets) {
        if (this.#isHeld(set)) continue
        set.node.stop()
        sets.delete(key)
      }
    }
  }
}

/** A bell: the partials of a church bell, each ringing out by itself. @param {AudioContext} context */
function makeBell(context) {
  const rate = context.sampleRate, length = Math.floor(rate * 6)
  const buffer = context.createBuffer(1, length, rate), data = buffer.getChannelData(0)
  const strike = 440
  for (const [ratio, gain, seconds] of [[0.5, 0.6, 2.2], [1, 1, 1.6], [1.2, 0.7, 1.3], [1.5, 0.4, 1], [2, 0.8, 0.8], [2.5, 0.3, 0.5], [3, 0.35, 0.4], [4.2, 0.2, 0.25]]) {
    // a resonator struck once
    const decay = Math.exp(-1 / (rate * seconds)), turn = 2 * decay * Math.cos(2 * Math.PI * strike * ratio / rate)
    let before = 0, last = gain * 0.2 * Math.sin(2 * Math.PI * strike * ratio / rate)
    for (let i = 0; i < length; i++) {
      data[i] += last
      const next = turn * last - decay * decay * before
      before = last
      last = next
    }
  }
  for (let i = 1; i <= rate / 5; i++) data[length - i] *= i / (rate / 5) // no click at the end
  return buffer
}

/** A soft tick of 12 ms. @param {AudioContext} context */
function makeTick(context) {
  const rate = context.sampleRate, length = Math.floor(rate * 0.012)
  const buffer = context.createBuffer(1, length, rate), data = buffer.getChannelData(0)
  for (let i = 0; i < length; i++) data[i] = 0.12 * Math.sin(2 * Math.PI * 1400 * i / rate) * Math.exp(-i / (rate * 0.003))
  return buffer
}
