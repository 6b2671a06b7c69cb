// stage.mjs -- what a person sees, hears and touches: what comes next and when that is here, how sure the page is and
// why, and one button that joins. It decides nothing: the mind says when, the sound and this file do it.
//
// Nothing flickers: at T-0 the whole stage changes its colour, once. Whoever does not see it hears or feels it;
// a screen reader is told at few moments only.

import { Awake } from './awake.mjs'
import { BYTES_MAX } from './mind.mjs'
import { LANGUAGES, Words, choose, direction } from './words.mjs'
import { Sound } from './sound.mjs'
import { clearTimer, setTimer } from './timers.mjs'
import { zoneHere } from './zone.mjs'

const COMING_MAX = 6
/** The ring is full so long before; then it empties. */
const RING_MS = 600_000
/** Until so long after its end a gesture is still shown, at rest. */
const REST_MS = 10 * 60_000
const DAY_MS = 86_400_000
const NEWS_MAX = 4
/** Begins no line. */
const BETWEEN = '\u00a0· '
const TAPS = 12
/** A loudspeaker that has not begun by then does not: browsers begin within a gesture. */
const SOUND_WITHIN_MS = 3000
/** Who has reached no broker for so long counts alone. */
const ALONE_AFTER_MS = 5000
/** Beacons that were only just reached need not say so long that they vouch for what is here. */
const STALE_AFTER_MS = 5000
/** When a screen reader is told how long it still is, in seconds. */
const TELL_AT = [600, 60, 10]

const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id))
/** Changes the page only where it changes. @param {string} id  @param {string} text */
function put(id, text) {
  const element = at(id)
  if (element.textContent !== text) element.textContent = text
}

/** @typedef {import('./mind.mjs').Window} Window */

export class Stage {
  #host; #storage; #words; #sound; #awake = new Awake(); #alarm = { mark: '', begin: NaN, timer: 0 }
  #zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  #isJoined = false; #joinedAt = 0; #reachedAt = performance.now(); #staleAt = Infinity; #note = ''; #spoken = false; #second = NaN
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer
  /** @type {Window | null} what began last, until it has rested */ #last = null
  /** @type {Window | null} what is on the stage */ #shown = null
  /** @type {number[] | null} */ #taps = null

  /** @param {import('./host.mjs').Host} host  @param {Storage | null} storage  @param {{made?: string, url?: string}} kit */
  constructor(host, storage, kit) {
    this.#host = host
    this.#storage = storage
    this.kit = kit
    this.#words = new Words(languageOf(storage))
    this.#sound = new Sound(host.clock)
    const tuned = storage?.getItem('tocsin/tuned') ?? null
    if (tuned !== null && Number.isFinite(Number(tuned))) this.#sound.tuned = Number(tuned)
    this.#sound.isTicking = storage?.getItem('tocsin/tick') !== 'false'
    this.#spoken = storage?.getItem('tocsin/spoken') === 'true' && 'speechSynthesis' in globalThis
    this.#listen()
    this.#speak()
    this.#obey()
  }

  // --- what happens ------------------------------------------------------------------------------------------------

  #listen() {
    const host = this.#host
    host.addEventListener('thought', () => this.#obey())
    host.addEventListener('windows', () => this.#list())
    host.addEventListener('news', (/** @type {any} */ { detail }) => this.#tell(detail))
    host.addEventListener('bell', (/** @type {any} */ { detail: hasBell }) => {
      if (!hasBell && this.#isJoined) this.#leave('elsewhere')
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#travel()
      if (this.#isJoined && document.visibilityState === 'visible') this.#sound.unlock().then(() => this.#obey())
    })
    at('join').onclick = () => (this.#isJoined ? this.#leave('') : this.#join())
    at('tick').onclick = () => {
      this.#sound.isTicking = !this.#sound.isTicking
      this.#storage?.setItem('tocsin/tick', String(this.#sound.isTicking))
      this.#obey()
    }
    at('spoken').onclick = () => {
      this.#spoken = !this.#spoken
      this.#storage?.setItem('tocsin/spoken', String(this.#spoken))
      if (this.#spoken) this.#say('…')
      this.#draw()
    }
    at('full').onclick = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())
    document.addEventListener('fullscreenchange', () => this.#draw())
    at('tune').onpointerdown = event => this.#tap(event)
    at('tune').onkeydown = event => {
      if (!event.repeat && (event.key === 'Enter' || event.key === ' ')) this.#tap(event)
    }
    at('language').onchange = event => {
      const language = /** @type {HTMLSelectElement} */ (event.target).value
      this.#storage?.setItem('tocsin/language', language)
      this.#words = new Words(language)
      host.move({ languages: [language, ...navigator.languages].join(',') })
      this.#speak()
      this.#draw()
    }
    at('place').onchange = event => {
      const place = /** @type {HTMLSelectElement} */ (event.target).value
      this.#storage?.setItem('tocsin/place', place)
      host.move({ place })
    }
    at('file').onchange = async event => {
      const file = /** @type {HTMLInputElement} */ (event.target).files?.[0]
      if (file) this.#give(new Uint8Array(await file.slice(0, BYTES_MAX + 1).arrayBuffer()))
    }
    document.addEventListener('paste', event => {
      event.preventDefault()
      this.#give(event.clipboardData?.getData('text') ?? '')
    })
    const field = /** @type {HTMLTextAreaElement} */ (at('pasted'))
    const read = () => {
      this.#give(field.value)
      field.value = ''
    }
    field.oninput = () => field.value.includes('END TOCSIN BUNDLE') && read() // a keyboard that pastes by typing
    field.onchange = read
  }

  /** Within a person's touch: browsers allow sound, vibration and a lit screen only then. */
  async #join() {
    this.#isJoined = true
    this.#note = ''
    this.#joinedAt = performance.now()
    this.#host.join()
    navigator.vibrate?.(30)
    if (this.#spoken) this.#say('…') // some browsers speak only where a gesture began it
    this.#sound.unlock().then(() => this.#obey()) // where there is no loudspeaker it may never be unlocked
    const isAwake = await this.#awake.on()
    if (!isAwake && this.#isJoined) this.#note = 'may_sleep'
    this.#draw()
  }

  /** @param {string} note */
  async #leave(note) {
    this.#isJoined = false
    this.#note = note
    this.#sound.silence()
    await this.#awake.off()
    this.#draw()
  }

  /** Whoever travels takes the device along: waves go by where it is. */
  #travel() {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
    if (timeZone === this.#zone) return
    this.#zone = timeZone
    this.#host.move({ zone: zoneHere() })
  }

  /** @param {string | Uint8Array} given */
  #give(given) {
    if (given.length === 0) return
    const { records, signatures, known, refused } = this.#host.give(given)
    const came = records + signatures > 0 ? 'taken' : known > 0 && refused === 0 ? 'known' : 'foreign'
    this.#add(this.#words.say(came, { records, signatures }), '')
    at('news').lastElementChild?.scrollIntoView({ block: 'nearest' }) // whoever gave it was further down
  }

  /** Does what the mind has thought. */
  #obey() {
    const { thought } = this.#host
    if (!thought) return
    if (this.#isJoined) this.#sound.plan(thought.shots, this.#host.utc(0))
    const shot = thought.shots.find(({ held }) => !held)
    if (shot && this.#isJoined) this.#set(shot.mark, shot.begin)
    else clearTimer(this.#alarm.timer)
    this.#draw()
  }

  /** The screen's own alarm: the nearer it is, the closer it looks. @param {string} mark  @param {number} begin */
  #set(mark, begin) {
    clearTimer(this.#alarm.timer)
    const left = begin - this.#host.clock.mono()
    this.#alarm = { mark, begin, timer: setTimer(() => this.#look(), left > 40 ? left - 30 : 0) }
  }

  #look() {
    const { mark, begin } = this.#alarm, left = begin - this.#host.clock.mono()
    if (left <= 0) return this.#begin(mark, begin)
    if (left > 40) return this.#set(mark, begin)
    this.#alarm.timer = setTimer(() => this.#look(), Math.max(0, left - 4))
  }

  /** It begins here and now, all that start at this moment together. @param {string} mark  @param {number} begin */
  #begin(mark, begin) {
    const host = this.#host, shots = host.thought?.shots ?? []
    document.body.dataset.state = 'begun'
    navigator.vibrate?.([500, 250, 500, 250, 1000])
    performance.mark('tocsin-begun', { detail: { mark, begin, at: host.clock.mono() } })
    for (const shot of shots) {
      if (!shot.held && shot.begin <= host.clock.mono()) host.began(shot.mark)
    }
    this.#last = host.windows.find(window => window.mark === mark && window.state !== 'elsewhere') ?? null
    if (this.#spoken) this.#say(this.#words.say('now'))
    this.#draw()
  }

  // --- what is shown -----------------------------------------------------------------------------------------------

  /** What stays until the language changes. */
  #speak() {
    const words = this.#words, language = words.language
    document.documentElement.lang = language
    document.documentElement.dir = direction(language)
    const select = /** @type {HTMLSelectElement} */ (at('language'))
    select.ariaLabel = words.say('language')
    select.replaceChildren(...LANGUAGES.map(one => {
      const option = new Option(words.nameOf(one), one, one === language, one === language)
      option.lang = one
      return option
    }))
    for (const name of ['tick', 'spoken', 'full', 'records', 'paste', 'believes']) put(name, words.say(name))
    put('then', `${words.say('then')} · ${words.say('your_time')}`)
    at('full').hidden = !document.fullscreenEnabled
    at('spoken').hidden = !('speechSynthesis' in globalThis)
    const { made, url } = this.kit
    if (made) {
      at('kept').hidden = false
      put('kept', words.say('as_of', { date: words.date(Date.parse(made)) }) + ' ')
      if (url && /^https?:/.test(url)) {
        const link = document.createElement('a')
        link.href = link.textContent = url
        link.dir = 'ltr'
        at('kept').append(link)
      }
    }
    this.#list()
  }

  /** The window on the stage: what is near, or goes on, or rests, or comes next. @param {number} utc */
  #current(utc) {
    const { windows, thought } = this.#host, isOff = (/** @type {Window} */ { state }) => ['cancelled', 'off', 'tentative', 'expired', 'elsewhere'].includes(state)
    const ahead = windows.filter(({ t0 }) => t0 !== null && t0 > utc), isHere = (/** @type {Window} */ { state }) => state !== 'elsewhere' // the places of one wave share a mark
    const next = windows.find(window => window.mark === thought?.next && isHere(window)) ?? ahead.find(isHere) ?? ahead[0] ?? null
    if (this.#last?.end && utc > this.#last.end + REST_MS) this.#last = null
    const t0 = next?.t0 ?? NaN, isNear = t0 > utc && t0 - utc < RING_MS
    const goesOn = windows.filter(window => window.t0 !== null && window.end !== null && (window.t0 <= utc || window.state === 'begun') && utc < window.end && !isOff(window)).pop() // the last that began
    this.#last = goesOn ?? this.#last // afterwards its rest is everybody's, whoever rang
    if (goesOn && !(isNear && t0 < (goesOn.end ?? 0))) return goesOn // a moment within a long gesture is waited for
    return isNear ? next : this.#last ?? next
  }

  #draw() {
    clearTimeout(this.#timer)
    const words = this.#words, host = this.#host, utc = host.utc()
    const window = this.#current(utc), state = stateOf(window, utc)
    if (window !== this.#shown) this.#list()
    document.body.dataset.state = state
    put('name', host.root?.name ?? '')
    put('title', window?.title ?? (host.root ? words.say('nothing') : words.say('waiting')))
    at('title').lang = window?.lang ?? ''
    at('title').dir = 'auto'
    const gesture = window ? [words.gesture(window.gesture), words.length(window.duration / 1000), window.place ?? words.say(window.wave ? 'own_clock' : 'same_instant')].join(BETWEEN) : ''
    put('gesture', gesture)
    put('state', this.#stateWords(window, state))
    this.#count(window, state, utc)
    this.#sure()
    this.#complete()
    this.#buttons()
    const left = window?.t0 ? window.t0 - utc : NaN
    const next = Number.isNaN(left) ? 1000 : ((left % 1000) + 1000) % 1000 || 1000
    this.#timer = setTimeout(() => this.#draw(), next + 1)
  }

  /** @param {Window | null} window  @param {string} state */
  #stateWords(window, state) {
    const words = this.#words
    if (!window) return ''
    if (window.state === 'cancelled' || window.state === 'off') return words.say('withdrawn') + ' ' + (window.why ?? '')
    if (window.state === 'tentative') return words.say('tentative', window)
    if (window.state === 'elsewhere' && window.place && !this.#host.place) return words.say('say_where')
    if (state === 'over') return words.say('rest')
    if (state !== 'begun') return ''
    return words.say(window.state === 'joined' || window.state === 'before' ? 'late' : 'now')
  }

  /** @param {Window | null} window  @param {string} state  @param {number} utc */
  #count(window, state, utc) {
    const words = this.#words, element = at('count')
    const target = window && state !== 'off' ? (state === 'begun' ? window.end : window.t0) : null // nobody waits for what is called off
    const left = target ? target - utc : NaN
    const seconds = Math.max(0, Math.ceil(left / 1000))
    const isLong = left >= DAY_MS
    element.classList.toggle('long', isLong || Number.isNaN(left))
    element.classList.toggle('hours', left >= 3600_000)
    element.dir = isLong ? 'auto' : 'ltr'
    put('count', Number.isNaN(left) || state === 'over' ? '–' : isLong ? words.inDays(Math.floor(left / DAY_MS)) : digits(seconds))
    put('at', window?.t0 ? (window.t0 - utc < DAY_MS / 2 && isToday(window.t0, utc) ? words.hour(window.t0) : words.moment(window.t0)) + BETWEEN + words.say('your_time') : window?.local ?? '')
    const whole = (state === 'begun' && window?.duration) || RING_MS
    const part = Number.isNaN(left) || state === 'over' || state === 'tentative' ? 0 : Math.min(1, Math.max(0, left / whole))
    at('arc').setAttribute('stroke-dashoffset', String(289 * (1 - part)))
    if (seconds === this.#second || !window) return
    this.#second = seconds
    if (state === 'begun' && left > window.duration - 1500) put('said', `${words.say('now')}: ${window.title}`)
    if (state === 'over') put('said', words.say('rest'))
    if (state !== 'coming' || isLong) return
    if (TELL_AT.includes(seconds)) put('said', `${words.length(seconds)}: ${window.title}`)
    if (this.#spoken && this.#isJoined && seconds > 0 && seconds <= 10) this.#say(String(seconds))
  }

  /** How sure, and on what that rests. */
  #sure() {
    const words = this.#words, { thought, doubt } = this.#host
    document.body.dataset.sure = thought?.proved ? 'yes' : thought?.bounded ? 'some' : 'no'
    at('step').hidden = !thought || !this.#host.root
    if (!this.#host.root) return put('why', this.#host.hasLooked ? words.say('unfound') : '')
    put('step', doubt === null ? words.say('not_proved') : words.say('in_step', { time: words.short(doubt) }))
    const why = []
    const good = thought?.beacons.filter(({ lost, liar }) => !lost && !liar) ?? []
    const agree = good.filter(({ agrees }) => agrees), heard = good.filter(({ heard }) => heard) // one alone has nobody to agree with
    const names = (agree.length ? agree : heard.length || good.length > 1 || !thought?.bounded ? heard : good).map(({ name }) => name) // or has answered before it ticked
    if (this.#host.links.some(({ isUp }) => isUp)) this.#reachedAt = performance.now()
    const isAlone = performance.now() - this.#reachedAt > ALONE_AFTER_MS
    if (thought?.doubt === 'nothing-known' && (isAlone || this.#host.links.length === 0)) why.push(words.say('not-vouched')) // nobody to ask
    else if (thought?.doubt) why.push(words.say(thought.doubt))
    else if (names.length) why.push(words.say([thought?.earliestRests, thought?.latestRests].includes('few') ? 'few' : 'proved', { names: words.list(names) }))
    else if (!thought?.proved) why.push(words.say('not-vouched'))
    if (isAlone && this.#host.links.length > 0) why.push(words.say('alone'))
    if (this.#isJoined && this.#sound.isOn) {
      why.push(this.#sound.tuned === null ? words.say('speaker', { time: words.short(this.#sound.doubt) }) : words.say('tuned', { time: words.short(this.#sound.tuned) }))
    } else if (this.#isJoined && performance.now() - this.#joinedAt > SOUND_WITHIN_MS) why.push(words.say('no_sound'))
    put('why', why.join(BETWEEN))
    at('tune').hidden = !(this.#isJoined && this.#sound.isOn && this.#sound.isTicking)
    put('tune', this.#taps ? `${words.say('tap')} (${TAPS - this.#taps.length})` : words.say('tune'))
  }

  /** Whether this is known to be all: above where it is not, else among the details. */
  #complete() {
    const words = this.#words, fresh = this.#host.thought?.freshness[0]
    this.#staleAt = fresh?.stale ? Math.min(this.#staleAt, performance.now()) : Infinity
    at('stale').hidden = performance.now() - this.#staleAt < STALE_AFTER_MS
    at('fresh').hidden = !fresh?.told || fresh.told < fresh.needed
    if (!fresh) return
    put('stale', words.say('stale', { ...fresh }))
    put('fresh', words.say('fresh', { ...fresh }))
  }

  #buttons() {
    const words = this.#words, join = /** @type {HTMLButtonElement} */ (at('join'))
    join.disabled = !this.#host.root
    put('join', words.say(this.#isJoined ? 'joined' : 'join'))
    join.ariaPressed = String(this.#isJoined)
    at('choices').hidden = !this.#isJoined
    at('tick').ariaPressed = String(this.#sound.isTicking)
    at('spoken').ariaPressed = String(this.#spoken)
    at('full').ariaPressed = String(!!document.fullscreenElement)
    put('note', this.#note && words.say(this.#note))
    at('believes').hidden = !this.#host.root
    put('words', this.#host.root?.words.split(' ').slice(0, 4).join(' ') ?? '')
  }

  /** What follows, in a few rows. */
  #list() {
    this.#places()
    const words = this.#words, utc = this.#host.utc()
    this.#shown = this.#current(utc)
    const rows = this.#host.windows.filter(window => window !== this.#shown).filter(({ t0, state }) => t0 !== null && t0 > utc && state !== 'over' && state !== 'expired').slice(0, COMING_MAX)
    at('later').hidden = rows.length === 0
    at('coming').replaceChildren(...rows.map(window => {
      const [row, what, title, time] = ['li', 'span', 'bdi', 'time'].map(name => document.createElement(name))
      const isOff = window.state === 'cancelled' || window.state === 'off'
      title.textContent = window.title
      title.className = isOff ? 'off' : ''
      if (isOff) what.append(words.say('withdrawn'), ' ')
      what.append(title)
      if (window.place) what.append(` · ${window.place}`)
      if (window.state === 'tentative') what.append(` · ${words.say('tentative', window)}`)
      time.textContent = words.brief(window.t0 ?? 0)
      time.setAttribute('datetime', new Date(window.t0 ?? 0).toISOString())
      row.append(what, time)
      return row
    }))
  }

  /** The places of waves that go by a place: whoever is at one of them says so. */
  #places() {
    const words = this.#words, select = /** @type {HTMLSelectElement} */ (at('place')), { place = '' } = this.#host
    const places = new Set(this.#host.windows.flatMap(({ place }) => place ?? []))
    at('where').hidden = places.size === 0
    put('where_am_i', words.say('where'))
    select.replaceChildren(...['', ...places].map(name => new Option(name || '–', name, name === place, name === place)))
  }

  /** News that a person should not miss. @param {import('./mind.mjs').News} news */
  #tell({ kind, text, mark }) {
    const title = this.#host.windows.find(window => window.mark === mark)?.title ?? ''
    if (['moved', 'withdrawn'].includes(kind) || (kind === 'missed' && this.#isJoined)) this.#add(`${this.#words.say(kind)} ${title}`, '')
    else if (['alert', 'liar'].includes(kind)) this.#add(text, 'en')
  }

  /** @param {string} text  @param {string} lang */
  #add(text, lang) {
    const list = at('news'), row = document.createElement('li')
    row.textContent = text
    row.lang = lang || this.#words.language
    row.dir = 'auto'
    list.append(row)
    while (list.children.length > NEWS_MAX) list.firstChild?.remove()
  }

  /** @param {string} text */
  #say(text) {
    const spoken = new SpeechSynthesisUtterance(text)
    spoken.lang = this.#words.language
    spoken.rate = 1.3
    speechSynthesis.cancel()
    speechSynthesis.speak(spoken)
  }

  /** A tap of whoever tunes the sound by ear: the first one begins, the last one decides. @param {Event} event */
  #tap(event) {
    event.preventDefault()
    if (!this.#taps) {
      this.#taps = []
      return this.#draw()
    }
    this.#taps.push(this.#host.clock.fromPerformance(event.timeStamp))
    if (this.#taps.length < TAPS) return this.#draw()
    const tuned = this.#sound.tune(this.#taps.slice(2), this.#host.utc(0)) // the first two find the beat
    this.#taps = null
    if (tuned === null) this.#add(this.#words.say('untuned'), '')
    else {
      this.#sound.tuned = tuned
      this.#storage?.setItem('tocsin/tuned', String(tuned))
      this.#sound.silence()
    }
    this.#obey()
  }
}

/** @param {Storage | null} storage */
export function languageOf(storage) {
  const kept = storage?.getItem('tocsin/language')
  return choose(kept ? [kept] : navigator.languages)
}

/** What colours the stage have. @param {Window | null} window  @param {number} utc */
function stateOf(window, utc) {
  if (!window || window.t0 === null) return 'waiting'
  if (window.state === 'cancelled' || window.state === 'off') return 'off'
  if (window.state === 'tentative') return 'tentative'
  if (utc < window.t0 && window.state !== 'begun') return 'coming' // what began is not to come again, whatever the clock learns
  return window.end !== null && utc < window.end ? 'begun' : 'over'
}

/** @param {number} utc  @param {number} now */
const isToday = (utc, now) => new Date(utc).toDateString() === new Date(now).toDateString()

/** 1:02:03, 3:21, 0:09. @param {number} seconds */
function digits(seconds) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
