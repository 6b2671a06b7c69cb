// signatures.mjs MIND.wasm CASES: what the page's own crypto_sign_verify_detached says of each case, as a line of 0 and 1.
// A case: u32 length of the message, message, key (32), signature (64). Then how long one takes, on standard error.
import { readFileSync } from 'node:fs'

const [wasmPath, casesPath] = process.argv.slice(2)
const nothing = { fd_close: () => 8, fd_seek: () => 8, fd_write: () => 8, proc_exit() { throw new Error('stopped') } }
const { instance } = await WebAssembly.instantiate(readFileSync(wasmPath), { wasi_snapshot_preview1: nothing })
const { memory, malloc, _initialize, crypto_sign_verify_detached } = instance.exports
_initialize()
const cases = readFileSync(casesPath)
const message = malloc(65536), key = malloc(32), signature = malloc(64)
const verdicts = []
const begun = process.hrtime.bigint()
for (let at = 0; at < cases.length;) {
  const size = cases.readUInt32LE(at)
  const bytes = new Uint8Array(memory.buffer)
  bytes.set(cases.subarray(at + 4, at + 4 + size), message)
  bytes.set(cases.subarray(at + 4 + size, at + 36 + size), key)
  bytes.set(cases.subarray(at + 36 + size, at + 100 + size), signature)
  verdicts.push(crypto_sign_verify_detached(signature, message, BigInt(size), key) === 0 ? 1 : 0)
  at += 100 + size
}
console.log(verdicts.join(''))
console.error(`${(Number(process.hrtime.bigint() - begun) / 1e6 / verdicts.length).toFixed(3)} ms each`)
