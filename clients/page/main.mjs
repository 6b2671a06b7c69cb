// main.mjs -- the page: finds out whom it is to believe, opens the data side, and shows what comes next.

import { Host } from './host.mjs'
import { fromBase64 } from './keep.mjs'

const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id))

/** The mind, as it was packed. */
async function unpack() {
  const packed = fromBase64(at('mind').textContent ?? '')
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}

/** What a kit has built in: the id of its root, and records. */
function builtIn() {
  const { root, records } = document.getElementById('kit')?.dataset ?? {}
  return { root, bundles: records ? [fromBase64(records)] : [] }
}

async function open() {
  const kit = builtIn()
  const root = kit.root ?? location.hash.match(/^#([0-9a-f]{64})/)?.[1]
  if (!root) {
    at('title').textContent = 'This link does not say whom to believe: it ends in # and 64 digits'
    return
  }
  const host = await Host.open({
    wasm: await unpack(), root, bundles: kit.bundles, languages: navigator.languages.join(','),
    origin: location.protocol.startsWith('http') ? location.href : null,
  })
  at('join').onclick = () => host.join()
  host.addEventListener('news', ({ detail }) => {
    at('news').appendChild(document.createElement('li')).textContent = detail.text
  })
  host.addEventListener('thought', () => show(host))
  show(host)
}

/** @param {Host} host */
function show(host) {
  const next = host.windows.find(({ mark }) => mark === host.thought?.next)
  at('title').textContent = next?.title ?? host.root?.name ?? 'Waiting for records'
  at('count').textContent = next?.t0 ? `${Math.ceil((next.t0 - host.utc()) / 1000)} s` : ''
  at('step').textContent = host.doubt === null ? host.thought?.why ?? '' : `in step, ± ${host.doubt.toFixed(1)} ms`
}

open()
