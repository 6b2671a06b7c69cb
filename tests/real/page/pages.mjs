// pages.mjs HOST.mjs PLAN.json: the data side of some pages, in Node.js, on this machine's own monotonic clock, so that
// what they make of UTC can be held against it. HOST.mjs is what a browser gets, bundled. Prints a JSON object a line.
//
// The plan: {wasm, modules, root, bundles, brokers, wrong_ms, offset_ns, for_s, and perhaps
//   wrong_ms    of each page's wall clock: as many pages as there are numbers
//   offset_ns   CLOCK_REALTIME less CLOCK_MONOTONIC, as the beacon has them
//   grain_ms    of performance.now()
//   one_browser all pages are tabs of one, joined one after the other
//   sleep       {after_s, for_s}: the machine sleeps, and its monotonic clock with it
//   origin      where a site's bundle lies}
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const [hostPath, planPath] = process.argv.slice(2)
const plan = JSON.parse(readFileSync(planPath, 'utf8'))
globalThis.navigator ??= { language: 'en' }
globalThis.WebSocket ??= createRequire(plan.modules)('ws').WebSocket
const { Host, Clock, Link } = await import(hostPath)

/** CLOCK_MONOTONIC, and UTC by it. */
const monotonic = () => Number(process.hrtime.bigint()) / 1e6
const offset = plan.offset_ns / 1e6
const say = line => process.stdout.write(JSON.stringify(line) + '\n')

/** localStorage, as one browser has it. */
class Storage {
  #map = new Map()
  tabs = []
  get length() { return this.#map.size }
  key(n) { return [...this.#map.keys()][n] ?? null }
  getItem(key) { return this.#map.get(key) ?? null }
  setItem(key, value) {
    this.#map.set(key, String(value))
    for (const tell of this.tabs) tell({ key, newValue: String(value) })
  }
  removeItem(key) { this.#map.delete(key) }
}

const shared = new Storage()
/** for how long the machine has slept: its monotonic clock stood still */
let slept = 0, sleeping = null

const wasm = new WebAssembly.Module(readFileSync(plan.wasm))
const pages = []

async function open(number, wrong) {
  const grain = plan.grain_ms ?? 0
  const now = () => {
    const at = sleeping ?? monotonic() - slept
    return grain ? Math.floor(at / grain) * grain : at
  }
  const storage = plan.one_browser ? shared : new Storage()
  const clock = new Clock(storage, {
    performance: { now, timeOrigin: 0 }, date: { now: () => Math.floor(monotonic() + offset + wrong) },
  })
  const opened = monotonic()
  const host = await Host.open({
    wasm, Link, root: plan.root, bundles: (plan.bundles ?? []).map(path => new Uint8Array(readFileSync(path))),
    brokers: plan.brokers, offline: plan.offline, origin: plan.origin ?? null, storage, clock, languages: 'en',
  })
  const page = { number, host, clock, opened, isInStep: false, shots: new Map() }
  pages.push(page)
  host.addEventListener('news', ({ detail }) => say({ page: number, event: 'news', ...detail }))
  host.addEventListener('windows', ({ detail }) => say({ page: number, event: 'windows', windows: detail.map(({ mark, title, state, t0 }) => ({ mark, title, state, t0 })) }))
  host.addEventListener('links', ({ detail }) => say({ page: number, event: 'links', links: detail.map(({ url, isUp, why }) => ({ url, isUp, why })) }))
  host.addEventListener('thought', ({ detail }) => look(page, detail))
  host.addEventListener('bell', ({ detail }) => say({ page: number, event: 'bell', has: detail }))
  if (plan.one_browser) shared.tabs.push(change => setImmediate(host.keep.listener, change))
  host.join()
}

/** What is wrong with a page's UTC, and whether its bound holds the truth. */
function measure({ host, clock }) {
  const { thought } = host, at = host.thoughtAt, truth = at + slept + offset
  return {
    error_ms: thought.utc - truth, doubt_ms: host.doubt, doubt: thought.doubt, proved: thought.proved, grain_ms: clock.grain,
    is_inside: (thought.earliest ?? -Infinity) <= truth && truth <= (thought.latest ?? Infinity),
    memory: host.mind.size,
  }
}

function look(page, thought) {
  const { number } = page
  if (!page.isInStep && thought.bounded) {
    page.isInStep = true
    say({ page: number, event: 'in step', after_ms: monotonic() - page.opened, ...measure(page) })
  }
  if (thought.bounded && !measure(page).is_inside) say({ page: number, event: 'outside', ...measure(page) })
  for (const { mark, begin, held } of thought.shots) {
    clearTimeout(page.shots.get(mark))
    if (!held) page.shots.set(mark, setTimeout(() => ring(page, mark, begin), Math.max(0, begin - page.clock.mono() - 2)))
  }
}

function ring(page, mark, begin) {
  while (page.clock.mono() < begin) { /* the last milliseconds are not a timer's to give away */ }
  say({ page: page.number, event: 'rang', mark, utc_ms: monotonic() + offset, planned_utc_ms: begin + slept + offset, ...measure(page) })
  page.shots.delete(mark)
  page.host.began(mark)
}

if (plan.one_browser) for (const [number, wrong] of plan.wrong_ms.entries()) await open(number, wrong)
else await Promise.all(plan.wrong_ms.map((wrong, number) => open(number, wrong)))
if (plan.sleep) setTimeout(() => {
  sleeping = monotonic() - slept
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, plan.sleep.for_s * 1000)
  slept = monotonic() - sleeping
  sleeping = null
  say({ event: 'awake' })
}, plan.sleep.after_s * 1000)
setTimeout(() => {
  for (const page of pages) {
    say({ page: page.number, event: 'end', ...measure(page) })
    page.host.close()
  }
  process.exit(0)
}, plan.for_s * 1000)
