// awake.mjs -- keeps the screen on: by a wake lock, and where there is none (plain http, older phones) by a video of
// nothing that plays on. To be asked for within a person's gesture.

export class Awake {
  #wants = false
  /** @type {WakeLockSentinel | null} */ #lock = null
  /** @type {HTMLVideoElement | null} */ #video = null

  constructor() {
    document.addEventListener('visibilitychange', () => { // a hidden page loses its lock
      if (this.#wants && document.visibilityState === 'visible') this.#take()
    })
  }

  /** Whether something keeps the screen on now. */
  async on() {
    this.#wants = true
    return this.#take()
  }

  async #take() {
    try {
      this.#lock = await navigator.wakeLock.request('screen')
      if (!this.#wants) await this.off() // left meanwhile
      return true
    } catch { /* not here, or not now: low battery, or hidden */ }
    try {
      this.#video ??= makeVideo()
      await this.#video.play()
      return true
    } catch {
      return false
    }
  }

  async off() {
    this.#wants = false
    this.#video?.pause()
    await this.#lock?.release()
  }
}

/** A black picture and silence, neither muted nor looped: Blink lights the screen for what is seen or heard
 * (VideoWakeLock::ShouldBeActive), WebKit for what has both and does not begin anew (HTMLMediaElement::shouldDisableSleep),
 * Gecko for any stream. */
function makeVideo() {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 2
  canvas.getContext('2d')?.fillRect(0, 0, 2, 2)
  const { stream: silence } = new AudioContext().createMediaStreamDestination()
  const video = document.createElement('video')
  video.playsInline = true
  video.srcObject = new MediaStream([...canvas.captureStream(1).getTracks(), ...silence.getTracks()])
  return video
}
