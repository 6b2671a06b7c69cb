// build.mjs MIND.wasm ENTRY.mjs WIRE.mjs PAGE.html OUT.html: the page as one file. The mind lies in it compressed (the
// browser unpacks it: DecompressionStream), styles and scripts inline, and its policy names them by their hashes: nothing
// else runs in it, and nothing is fetched but from its origin and brokers.
//
// The wire is a script of its own: a kit leaves it out of what it packs for chats, where no page may reach a network.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const [wasmPath, entry, wire, pagePath, out] = process.argv.slice(2)
const gzip = existsSync(`${wasmPath}.gz`) ? readFileSync(`${wasmPath}.gz`) : gzipSync(readFileSync(wasmPath), { level: 9 })
const wasm = gzip.toString('base64')
/** @param {string} entryPoint  @param {string} [globalName] */
async function bundle(entryPoint, globalName) {
  const { outputFiles: [script] } = await build({
    entryPoints: [entryPoint], globalName, bundle: true, write: false, minify: true, format: 'iife', platform: 'browser',
    target: 'es2022', legalComments: 'none', charset: 'utf8', logLevel: 'warning',
  })
  // a closing tag within a script would end it
  return script.text.trim().replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
}

const code = await bundle(entry), wireCode = await bundle(wire, 'tocsinWire')
const page = readFileSync(pagePath, 'utf8')
const style = page.match(/<style>([^]*?)<\/style>/)?.[1] ?? ''
const hash = (/** @type {string} */ text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const policy = `default-src 'none'; script-src ${hash(code)} ${hash(wireCode)} 'wasm-unsafe-eval'; style-src ${hash(style)}; ` +
  "connect-src 'self' ws: wss:; worker-src blob:; img-src data:; media-src data: blob:; base-uri 'none'; form-action 'none'"
const whole = page
  .replace('<!--policy-->', () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`)
  .replace('<!--mind-->', () => `<script type="application/wasm+gzip" id="mind">${wasm}</script>`)
  .replace('<!--wire-->', () => `<script id="wire">${wireCode}</script>`)
  .replace('<!--script-->', () => `<script>${code}</script>`)
for (const left of ['<!--policy-->', '<!--mind-->', '<!--wire-->', '<!--script-->']) {
  if (whole.includes(left)) throw new Error(`${pagePath} has no place for ${left}`)
}
writeFileSync(out, whole)
