// twin.mjs MIND.wasm CALLS: the calls that ours_page.c was told, made of the mind in WebAssembly; what came of each, a line.
import { readFileSync, writeSync } from 'node:fs'

const [wasmPath, callsPath] = process.argv.slice(2)
const nothing = { fd_close: () => 8, fd_seek: () => 8, fd_write: () => 8, proc_exit() { throw new Error('stopped') } }
const { instance } = await WebAssembly.instantiate(readFileSync(wasmPath), { wasi_snapshot_preview1: nothing })
const { memory, malloc, free, _initialize, ...mind } = instance.exports
_initialize()

const lent = []
function lend(bytes) {
  const at = malloc(bytes.length || 1)
  new Uint8Array(memory.buffer).set(bytes, at)
  lent.push(at)
  return at
}
const hex = word => (word === '-' ? null : Buffer.from(word, 'hex'))
const text = word => lend(Buffer.from(word + '\0'))
const read = at => {
  const bytes = new Uint8Array(memory.buffer)
  return at ? Buffer.from(bytes.subarray(at, bytes.indexOf(0, at))).toString() : 'no memory'
}

let site = 0
const calls = {
  open(secret, place) {
    if (site) mind.tocsin_free(site)
    const boot = new Uint8Array(16)
    boot[0] = 7
    site = mind.page_open(text('it,en'), text(place), 0, 0, 0, lend(hex(secret)), lend(boot))
    return site ? '1' : '0'
  },
  anchor: bytes => read(mind.page_anchor(site, 0, lend(hex(bytes)), hex(bytes).length)),
  put: bytes => read(mind.page_put(site, lend(hex(bytes)), hex(bytes).length)),
  clock: (...numbers) => mind.page_clock(...numbers.map(Number)) ?? '',
  link: (broker, isUp) => mind.page_link(site, Number(broker), Number(isUp)) ?? '',
  sent: (question, at) => mind.page_sent(site, lend(hex(question)), Number(at)) ?? '',
  heard: (broker, topic, bytes, arrived, retained) =>
    String(mind.page_heard(site, Number(broker), text(topic), lend(hex(bytes)), hex(bytes).length, Number(arrived), Number(retained))),
  think: () => read(mind.page_think(site)),
  lists: () => read(mind.page_lists(site)),
  roots: () => read(mind.page_roots(site)),
  began: mark => String(mind.tocsin_began(site, text(mark))),
  memory() {
    const size = mind.tocsin_memory(site, 0, 0) + 1, at = malloc(size)
    lent.push(at)
    mind.tocsin_memory(site, at, size)
    return Buffer.from(read(at)).toString('hex')
  },
  saved: () => mind.tocsin_saved(site) ?? '',
  remember: bytes => String(mind.tocsin_remember(site, lend(hex(bytes)), hex(bytes).length)),
}

const out = []
for (const line of readFileSync(callsPath, 'utf8').trimEnd().split('\n')) {
  const [what, ...words] = line.split(' ')
  out.push(calls[what](...words))
  while (lent.length) free(lent.pop())
}
const all = Buffer.from(out.join('\n') + '\n')
for (let at = 0; at < all.length;) at += writeSync(1, all, at)
