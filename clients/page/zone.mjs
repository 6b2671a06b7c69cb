// zone.mjs -- the rules of the browser's own zone, which waves go by, as the mind wants them: a TZif file (RFC 8536). No
// browser hands its rules out, but each will say what its clocks show at any instant: the file is what it says of twenty
// years, with each change found to the second.

const DAY_MS = 86_400_000
/** No zone has changed its clocks twice within so long since 1970 but for Ramadan's five weeks. */
const STEP_MS = 14 * DAY_MS
const BEFORE_MS = 400 * DAY_MS, AFTER_MS = 20 * 366 * DAY_MS

/** By how much clocks here are ahead of UTC, in seconds. @param {number} utc */
function offsetAt(utc) {
  const at = new Date(utc)
  const shown = Date.UTC(at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds())
  return Math.round((shown - Math.floor(utc / 1000) * 1000) / 1000)
}

/** Every change of the clocks: [when in seconds, what holds from then on].
 * @param {number} from  @param {number} to  @param {(utc: number) => number} offset */
function changes(from, to, offset) {
  const list = []
  for (let at = from, now = offset(from); at < to; at += STEP_MS) {
    const next = offset(at + STEP_MS)
    if (next === now) continue
    let least = at / 1000, most = (at + STEP_MS) / 1000
    while (most - least > 1) {
      const middle = Math.floor((least + most) / 2)
      if (offset(middle * 1000) === now) least = middle
      else most = middle
    }
    list.push([most, next])
    now = next
  }
  return list
}

/** The file. @param {number} now  UTC, in ms  @param {(utc: number) => number} [offset] */
export function zoneHere(now = Date.now(), offset = offsetAt) {
  const from = Math.floor((now - BEFORE_MS) / DAY_MS) * DAY_MS
  const list = changes(from, from + BEFORE_MS + AFTER_MS, offset)
  const types = [...new Set([offset(from), ...list.map(([, seconds]) => seconds)])]
  const size = 9 * list.length + 6 * types.length + 1
  const file = new DataView(new ArrayBuffer(44 + 7 + 44 + size + 2))
  let at = 0
  const header = (/** @type {number} */ times, /** @type {number} */ kinds) => {
    for (const byte of [0x54, 0x5a, 0x69, 0x66, 0x32]) file.setUint8(at++, byte) // "TZif2"
    at += 15
    for (const count of [0, 0, 0, times, kinds, 1]) file.setUint32(at, count), at += 4
  }
  const kind = (/** @type {number} */ seconds) => {
    file.setInt32(at, seconds)
    at += 6 // no daylight saving that anybody names, and no abbreviation
  }
  header(0, 1) // version 1 is for readers of old: one kind, UTC
  kind(0)
  at++
  header(list.length, types.length)
  for (const [second] of list) file.setBigInt64(at, BigInt(second)), at += 8
  for (const [, seconds] of list) file.setUint8(at++, types.indexOf(seconds))
  for (const seconds of types) kind(seconds)
  at++
  for (let i = 0; i < 2; i++) file.setUint8(at++, 0x0a) // the footer says nothing
  return new Uint8Array(file.buffer)
}
