// keep.mjs -- what outlives a load: the mind's memory, the records that were good, and which tab rings. All of it is
// this browser's alone; without a storage (some file:// pages) a page lives for itself.
//
// Two tabs of one browser must not ring one bell twice. The tab that was joined last has the bell: it says so in the
// storage again and again, and only it keeps marks; when it is closed or silent for a while another one takes over.

import { BYTES_MAX } from './mind.mjs'
import { clearTimer, setTimer } from './timers.mjs'

const CLAIM_EVERY_MS = 2000
const CLAIM_HOLDS_MS = 6000

/** localStorage, or null where there is none. @returns {globalThis.Storage | null} */
export function findStorage() {
  try {
    const { localStorage } = globalThis
    localStorage.setItem('tocsin/try', '1')
    localStorage.removeItem('tocsin/try')
    return localStorage
  } catch {
    return null
  }
}

export class Keep {
  #storage; #root; #name; #timer = 0; #date; #wants = false
  /** called with another tab's memory */
  onmemory = (/** @type {string} */ memory) => {}
  /** called when the bell was lost to another tab, or found */
  onbell = (/** @type {boolean} */ hasBell) => {}
  #had

  /** @param {globalThis.Storage | null} storage  @param {string} root  @param {{date?: {now(): number}}} [world] */
  constructor(storage, root, { date = Date } = {}) {
    this.#storage = storage
    this.#root = `tocsin/${root.slice(0, 16)}/`
    this.#name = Math.random().toString(36).slice(2)
    this.#date = date
    this.#had = storage === null
    this.listener = (/** @type {Pick<StorageEvent, 'key' | 'newValue'>} */ event) => {
      if (event.key === `${this.#root}memory` && event.newValue) this.onmemory(event.newValue)
      if (event.key === `${this.#root}bell`) this.#look()
    }
    globalThis.addEventListener?.('storage', this.listener)
    globalThis.addEventListener?.('pagehide', () => this.#release())
    this.#again()
  }

  close() {
    clearTimer(this.#timer)
    globalThis.removeEventListener?.('storage', this.listener)
    this.#release()
  }

  /** What an earlier load kept. */
  get memory() { return this.#storage?.getItem(`${this.#root}memory`) ?? undefined }

  /** Durable when it returns true: without a storage there is nothing that could be kept. @param {string} memory */
  saveMemory(memory) { return this.#put('memory', memory) }

  /** The sources that brought something good, each by its name. @returns {[string, Uint8Array][]} */
  get records() {
    const list = /** @type {[string, Uint8Array][]} */ ([])
    for (let i = 0; i < (this.#storage?.length ?? 0); i++) {
      const key = this.#storage?.key(i) ?? ''
      if (key.startsWith(`${this.#root}records/`)) list.push([key.slice(this.#root.length + 8), fromBase64(this.#storage?.getItem(key) ?? '')])
    }
    return list
  }

  /** @param {string} source  @param {Uint8Array} bytes */
  saveRecords(source, bytes) {
    if (bytes.length <= BYTES_MAX / 8) this.#put(`records/${source}`, toBase64(bytes))
  }

  /** @param {string} name  @param {string} text */
  #put(name, text) {
    try {
      this.#storage?.setItem(this.#root + name, text)
      return true
    } catch {
      return false // full, or forbidden by now
    }
  }

  /** This tab is the one that rings from now on. */
  takeBell() {
    this.#wants = true
    this.#claim()
    this.#look()
  }

  /** Whether this tab is the one that rings. */
  get hasBell() { return this.#storage === null ? true : this.#holder()?.name === this.#name }

  #again() {
    this.#timer = setTimer(() => {
      this.#look()
      this.#again()
    }, CLAIM_EVERY_MS)
  }

  /** Whose the bell is. What this tab has, and nobody has taken meanwhile, it still has, however seldom it is woken. */
  #holder() {
    try {
      const holder = JSON.parse(this.#storage?.getItem(`${this.#root}bell`) ?? 'null')
      return holder && (holder.name === this.#name || Math.abs(this.#date.now() - holder.at) < CLAIM_HOLDS_MS) ? holder : null
    } catch {
      return null
    }
  }

  #claim() { this.#put('bell', JSON.stringify({ name: this.#name, at: this.#date.now() })) }

  #look() {
    const holder = this.#holder()
    if (holder?.name === this.#name || (holder === null && this.#wants)) this.#claim()
    if (this.hasBell !== this.#had) {
      this.#had = this.hasBell
      this.onbell(this.#had)
    }
  }

  #release() { if (this.#storage !== null && this.hasBell) this.#storage.removeItem(`${this.#root}bell`) }
}

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  let text = ''
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return btoa(text)
}

/** Nothing for what is not base64. @param {string} text */
export function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), char => char.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
