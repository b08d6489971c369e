// @ts-check
/**
 * Showing something: a tab or another programme's window, never the desktop (P-81).
 *
 * The browser is asked not to offer whole screens, this tab, or sound; what it gives nevertheless
 * is looked at, and anything that isn't surely a tab or a window is let go at once. While
 * something is shown, every page of ours in this browser hides its own notices (sharing.js).
 *
 * @typedef {'on' | 'off' | 'desktop' | 'refused'} ShareState
 */

/** Milliseconds between two words to the other pages that something is still shown. */
const STILL = 2000;

/** What the browser is asked for. */
export const WANTED = {
  video: { displaySurface: 'browser', frameRate: { max: 15 } },
  audio: false,
  preferCurrentTab: false,
  selfBrowserSurface: 'exclude',
  monitorTypeSurfaces: 'exclude',
  surfaceSwitching: 'exclude',
  systemAudio: 'exclude',
};

/** Whether this browser can show something at all; phones can't. */
export const able = () => typeof navigator.mediaDevices?.getDisplayMedia === 'function';

export class Shared {
  /** @param {() => void} ended called when the browser's own "stop sharing" was pressed */
  constructor(ended) {
    this.ended = ended;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    /** @type {'browser' | 'window' | ''} */
    this.surface = '';
    this.channel = new BroadcastChannel('mutual-sharing');
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.beat = undefined;
  }

  /** Let somebody choose. @returns {Promise<ShareState>} */
  async pick() {
    /** @type {MediaStreamTrack} */
    let track;
    try {
      const options = /** @type {DisplayMediaStreamOptions} */ (WANTED);
      const given = await navigator.mediaDevices.getDisplayMedia(options);
      for (const sound of given.getAudioTracks()) sound.stop();
      [track] = given.getVideoTracks();
    } catch {
      return 'refused';
    }
    const { displaySurface } = track.getSettings();
    if (displaySurface !== 'browser' && displaySurface !== 'window') {
      track.stop();
      return 'desktop';
    }
    this.track = track;
    this.surface = displaySurface;
    track.addEventListener('ended', () => this.ended());
    this.#say(true);
    this.beat = setInterval(() => this.#say(true), STILL);
    return 'on';
  }

  /** Show nothing any more, at once. */
  stop() {
    if (!this.track) return;
    this.track.stop();
    this.track = null;
    this.surface = '';
    clearInterval(this.beat);
    this.#say(false);
  }

  /** @param {boolean} on */
  #say(on) {
    this.channel.postMessage({ on });
    // A channel doesn't speak to its own page.
    dispatchEvent(new CustomEvent('mutual:sharing', { detail: { on, surface: this.surface } }));
  }
}
