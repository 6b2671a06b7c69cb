// main.mjs -- the page: finds out whom it is to believe, opens the data side, and puts the stage on it.

import { Host } from './host.mjs'
import { findStorage, fromBase64 } from './keep.mjs'
import { Stage, languageOf } from './stage.mjs'
import { Words, direction } from './words.mjs'
import { zoneHere } from './zone.mjs'

const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id))

/** The mind, as it was packed. */
async function unpack() {
  const packed = fromBase64(at('mind').textContent ?? '')
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}

/** What a kit has built in: the id of its root, records, when it was made and where to look for changes. */
function builtIn() {
  const { root, records, made, url } = document.getElementById('kit')?.dataset ?? {}
  return { root, made, url, bundles: records ? [fromBase64(records)] : [] }
}

/** There is nothing to show but why. @param {string} language  @param {string} name */
function refuse(language, name) {
  document.documentElement.lang = language
  document.documentElement.dir = direction(language)
  at('title').textContent = new Words(language).say(name)
  for (const id of ['ring', 'join', 'language', 'whom']) at(id).hidden = true
}

async function open() {
  const wire = /** @type {{tocsinWire?: typeof import('./wire.mjs')}} */ (globalThis).tocsinWire // a script of its own: pages for chats are without it, and reach for nothing
  const kit = builtIn(), storage = findStorage(), language = languageOf(storage)
  const root = kit.root ?? location.hash.match(/^#([0-9a-f]{64})/)?.[1]
  if (!kit.root) addEventListener('hashchange', () => location.reload()) // another link, of the same page
  if (!root) return refuse(language, 'no_root')
  try {
    const host = await Host.open({
      wasm: await unpack(), root, bundles: kit.bundles, languages: [language, ...navigator.languages].join(','),
      zone: zoneHere(), place: storage?.getItem('tocsin/place') ?? undefined,
      Link: wire?.Link, origin: wire && location.protocol.startsWith('http') ? location.href : null, storage,
    })
    return new Stage(host, storage, kit)
  } catch (error) {
    refuse(language, 'no_page')
    throw error
  }
}

open()
