// @ts-check
/**
 * A person's own microphone and camera: asked for one by one, reported as they really are.
 *
 * @typedef {'on' | 'off' | 'refused' | 'missing' | 'busy' | 'failed'} DeviceState
 * @typedef {{microphone: DeviceState, camera: DeviceState}} DeviceStates
 * @typedef {'microphone' | 'camera'} Device
 */

import { Shared } from './share.js';

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO = {
  width: { ideal: 640 },
  height: { ideal: 360 },
  frameRate: { ideal: 30, max: 30 },
  facingMode: 'user',
};

export class OwnDevices {
  /** @param {() => void} changed called after every change of `states` or `stream` */
  constructor(changed) {
    this.changed = changed;
    /** The granted tracks, for the self view and for sending. */
    this.stream = new MediaStream();
    /** @type {DeviceStates} */
    this.states = { microphone: 'off', camera: 'off' };
    this.stopped = false;
    /** What is shown instead of the camera's picture, if anything (P-81). */
    this.shared = new Shared(() => this.showNothing());
  }

  /** What is sent of a kind. @param {'audio' | 'video'} kind */
  outgoing(kind) {
    return (kind === 'video' && this.shared.track) || this.track(kind);
  }

  /**
   * Let the person choose a tab or a window to show.
   * @returns {Promise<import('./share.js').ShareState>}
   */
  async show() {
    const state = await this.shared.pick();
    if (this.stopped) this.shared.stop();
    else if (state === 'on') this.changed();
    return state;
  }

  /** The camera's picture again, or none. */
  showNothing() {
    this.shared.stop();
    if (!this.stopped) this.changed();
    this.onShownNothing();
  }

  /** Set by who sends the tracks: nothing is shown any more. */
  onShownNothing() {}

  /** @param {'audio' | 'video'} kind */
  track(kind) {
    return this.stream.getTracks().find((track) => track.kind === kind) ?? null;
  }

  /**
   * Ask for one device. A refusal is no error: the state says what happened.
   * @param {Device} device
   * @returns {Promise<boolean>} whether it was granted
   */
  async acquire(device) {
    try {
      const granted = await navigator.mediaDevices.getUserMedia(
        device === 'camera' ? { video: VIDEO } : { audio: AUDIO },
      );
      const [track] = granted.getTracks();
      if (this.stopped) {
        track.stop();
        return false;
      }
      track.addEventListener('ended', () => this.#lost(device, track));
      this.stream.addTrack(track);
      this.set(device, 'on');
      return true;
    } catch (error) {
      if (!this.stopped) this.set(device, refusal(error));
      return false;
    }
  }

  /**
   * @param {Device} device
   * @param {DeviceState} state
   */
  set(device, state) {
    this.states = { ...this.states, [device]: state };
    this.changed();
  }

  /** Let go of the camera, so that its light goes out. */
  releaseCamera() {
    this.#release(this.track('video'));
    this.set('camera', 'off');
  }

  /** Let go of everything, for good; also of what is granted only after this. */
  stop() {
    this.stopped = true;
    this.shared.stop();
    for (const track of this.stream.getTracks()) this.#release(track);
    this.states = { microphone: 'off', camera: 'off' };
    this.changed();
  }

  /** @param {MediaStreamTrack | null} track */
  #release(track) {
    if (!track) return;
    track.stop();
    this.stream.removeTrack(track);
  }

  /**
   * A device was unplugged or its permission withdrawn.
   * @param {Device} device
   * @param {MediaStreamTrack} track
   */
  #lost(device, track) {
    if (this.stopped) return;
    this.stream.removeTrack(track);
    this.set(device, 'missing');
  }
}

/**
 * Why a device was not given.
 * @param {unknown} error
 * @returns {DeviceState}
 */
function refusal(error) {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'failed';
}
