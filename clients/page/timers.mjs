// timers.mjs -- timers that a page in the background keeps too: browsers hold back a hidden page's own to one a minute,
// but not those of a worker. Each is set in both, and the first one counts; where there may be no worker, the page's own.

const WORKER = 'onmessage = ({ data: { id, ms } }) => setTimeout(() => postMessage(id), ms)'
/** @type {Map<number, () => void>} */
const waiting = new Map()
let last = 0, worker = null

/** @param {number} id */
function run(id) {
  const call = waiting.get(id)
  waiting.delete(id)
  call?.()
}

function startWorker() {
  try {
    const started = new Worker(URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' })))
    started.onmessage = ({ data }) => run(data)
    return started
  } catch { // forbidden, or unknown here
    return { postMessage() {} }
  }
}

/** @param {() => void} call  @param {number} ms  @returns {number} for clearTimer */
export function setTimer(call, ms) {
  const id = ++last
  waiting.set(id, call)
  setTimeout(run, ms, id)
  worker ??= startWorker()
  worker.postMessage({ id, ms })
  return id
}

/** @param {number} id */
export function clearTimer(id) { waiting.delete(id) }
