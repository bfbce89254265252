/** Two soft notes, once the page may make any sound at all. */
export function createSound(): { play(): void } {
  let audio: AudioContext | null = null
  const note = (context: AudioContext, pitch: number, at: number) => {
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = pitch
    volume.gain.setValueAtTime(0, at)
    volume.gain.linearRampToValueAtTime(0.08, at + 0.015)
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35)
    tone.connect(volume).connect(context.destination)
    tone.start(at)
    tone.stop(at + 0.4)
  }
  return {
    play() {
      // Before a gesture a browser would only complain.
      if (!('AudioContext' in window) || !(navigator.userActivation?.hasBeenActive ?? true)) return
      audio ??= new AudioContext()
      audio.resume().catch(() => {})
      note(audio, 659, audio.currentTime)
      note(audio, 880, audio.currentTime + 0.11)
    },
  }
}
