// @ts-check
/**
 * Sound and picture of one person's page in the room.
 *
 * The page talks to the relay only: the server offers, the page answers, and no address of the page
 * leaves in the answer (P-72). Whom it sees is decided on the server; here slots are only shown.
 *
 * @typedef {{seat: string, live: boolean, microphone: boolean, camera: boolean}} SlotView
 * @typedef {import('./devices.js').DeviceStates} DeviceStates
 * @typedef {'idle' | 'asking' | 'joining' | 'connected' | 'reconnecting' | 'stopped'} RoomState
 * @typedef {{type: 'join'} | {type: 'leave'} | {type: 'answer', peer: string, sdp: string}
 *   | {type: 'devices', microphone: boolean, camera: boolean}} Outgoing
 * @typedef {{type: 'offer', peer: string, sdp: string}
 *   | {type: 'slots', peer: string, slots: (SlotView | null)[]}
 *   | {type: 'state', peer: string, state: 'connected' | 'disconnected'}
 *   | {type: 'closed', reason: string}} Incoming
 * @typedef {object} RoomOptions
 * @property {(message: Outgoing) => void} signal sends to the server; may drop while offline
 * @property {(seat: string, stream: MediaStream | null) => void} onTile a seat's stream, or its end
 * @property {(state: RoomState) => void} onState the connection's state
 * @property {(reason: string) => void} [onClosed] the server ended it: `replaced` (a newer page
 *   took the seat), `gone` (the room was closed) or `refused` (the room is full)
 * @property {(view: SlotView) => void} [onSeat] a seat's devices and whether it is reconnecting
 * @property {(states: DeviceStates) => void} [onDevices] what this page really sends
 * @property {(stream: MediaStream) => void} [onSelf] the page's own stream, after each change
 * @property {(end: RTCRtpSender | RTCRtpReceiver) => void} [transform] sets the encrypting
 *   transform; called for senders before the offer is set, since later is too late (media leaves
 *   in clear), and for receivers as their tracks come
 * @property {{microphone?: boolean, camera?: boolean}} [ask] which devices to ask for at first
 */

import { OwnDevices } from './devices.js';

/** Milliseconds that a broken connection may heal by itself before the page joins anew. */
const HEAL = 1500;
/** Milliseconds between two tries to join: the first, and the longest. */
const BACKOFF = [400, 4000];
/** Milliseconds an offer's connection may take before it's tried again. */
const CONNECT = 5000;
/** Milliseconds after a reconnection in which the others may still be on their way back too. */
const GATHER = 5000;

export class RoomMedia {
  /** @param {RoomOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {RoomState} */
    this.state = 'idle';
    this.own = new OwnDevices(() => this.#devicesChanged());
    this.own.onShownNothing = () => void this.#resend();
    /** @type {RTCPeerConnection | null} */
    this.connection = null;
    this.peer = '';
    /** @type {(MediaStream | undefined)[]} */
    this.streams = [];
    /** @type {(SlotView | null)[]} */
    this.slots = [];
    /** Seats shown now, and the stream that each was shown with. @type {Map<string, MediaStream>} */
    this.shown = new Map();
    /** Until when a tile outlasts its seat's absence, by the page's own clock. */
    this.gathering = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.gathered = undefined;
    this.tries = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.online = () => this.rejoin();
  }

  /** What this page really sends of each device. */
  get devices() {
    return this.own.states;
  }

  /** Whether media is encrypted from end to end. It isn't yet: the relay could listen. */
  get encrypted() {
    return false;
  }

  /**
   * Ask for the devices one by one, each on its own, and join with what was granted. Refused or
   * missing devices never keep a person out: without both, they listen.
   */
  async open() {
    if (this.state !== 'idle') return;
    this.#enter('asking');
    const ask = { microphone: true, camera: true, ...this.options.ask };
    if (ask.microphone) await this.own.acquire('microphone');
    if (ask.camera) await this.own.acquire('camera');
    if (this.stopped) return;
    addEventListener('online', this.online);
    this.#enter('joining');
    this.#join();
  }

  get stopped() {
    return this.state === 'stopped';
  }

  /** Join anew now, in the same seat: after a lost socket, or when the network is back. */
  rejoin() {
    if (this.stopped || this.state === 'idle' || this.state === 'asking') return;
    this.#enter('reconnecting');
    this.tries = 0;
    this.#join();
  }

  /**
   * A message from the server.
   * @param {Incoming} message
   */
  async handle(message) {
    if (this.stopped) return;
    if (message.type === 'offer') {
      await this.#answer(message.peer, message.sdp);
    } else if (message.type === 'slots') {
      if (message.peer === this.peer) this.#show(message.slots);
    } else if (message.type === 'closed') {
      if (message.reason === 'again') {
        this.#later();
      } else {
        this.stop();
        this.options.onClosed?.(message.reason);
      }
    }
  }

  /**
   * Switch the microphone. Off sends silence; on asks for the device if it was never granted.
   * @param {boolean} on
   */
  async setMicrophone(on) {
    const track = this.own.track('audio');
    if (track) {
      track.enabled = on;
      this.own.set('microphone', on ? 'on' : 'off');
    } else if (on && (await this.own.acquire('microphone'))) {
      await this.#publish('audio');
    }
  }

  /**
   * Switch the camera. Off lets go of the device, so that its light goes out.
   * @param {boolean} on
   */
  async setCamera(on) {
    const track = this.own.track('video');
    if (!on && track) {
      this.own.releaseCamera();
      await this.#resend();
    } else if (on && !track && (await this.own.acquire('camera'))) {
      await this.#publish('video');
    }
  }

  /** Whether a tab or window is shown. */
  get sharing() {
    return this.own.shared.track !== null;
  }

  /**
   * Show a tab or a window instead of the camera's picture, or stop it (P-81).
   * @param {boolean} on
   * @returns {Promise<import('./share.js').ShareState>}
   */
  async setSharing(on) {
    if (!on) {
      if (this.sharing) this.own.showNothing();
      return 'off';
    }
    const state = this.stopped ? 'off' : await this.own.show();
    if (state === 'on') await this.#publish('video');
    return state;
  }

  /** What was sent as picture has changed: the tab, the camera, or nothing. */
  async #resend() {
    await this.#sender('video')?.replaceTrack(this.own.outgoing('video'));
  }

  /**
   * How loud the page's own microphone is now, 0 to 1, as it is sent; 0 without one. Only a value
   * above 0 proves that it works.
   */
  async level() {
    let level = 0;
    const stats = await this.connection?.getStats();
    stats?.forEach((entry) => {
      if (entry.type === 'media-source' && entry.kind === 'audio') level = entry.audioLevel ?? 0;
    });
    return this.devices.microphone === 'on' ? level : 0;
  }

  /** Leave: devices stop at once, before anything else is said. */
  stop() {
    if (this.stopped) return;
    this.own.stop();
    clearTimeout(this.timer);
    clearTimeout(this.gathered);
    this.gathering = 0;
    removeEventListener('online', this.online);
    this.#drop();
    this.options.signal({ type: 'leave' });
    this.#show([]);
    this.#enter('stopped');
  }

  /** @param {RoomState} state */
  #enter(state) {
    if (state !== this.state && !this.stopped) {
      this.state = state;
      this.options.onState(state);
    }
  }

  #devicesChanged() {
    this.options.onDevices?.(this.devices);
    this.options.onSelf?.(this.own.stream);
    this.#tellDevices();
  }

  #tellDevices() {
    if (!this.peer || this.own.stopped) return;
    const { microphone, camera } = this.devices;
    this.options.signal({
      type: 'devices',
      microphone: microphone === 'on',
      camera: camera === 'on' || this.sharing,
    });
  }

  /** @param {'audio' | 'video'} kind */
  #sender(kind) {
    const mid = kind === 'audio' ? '0' : '1';
    const transceiver = this.connection?.getTransceivers().find((each) => each.mid === mid);
    return transceiver?.currentDirection === 'sendonly' ? transceiver.sender : undefined;
  }

  /**
   * Send a device that was granted later: by the sender that is there already, else by joining
   * anew, so that every sender exists before its offer is set.
   * @param {'audio' | 'video'} kind
   */
  async #publish(kind) {
    const sender = this.#sender(kind);
    const track = this.own.outgoing(kind);
    if (sender) {
      await sender.replaceTrack(track);
    } else if (this.connection) {
      this.#join();
    }
  }

  /** Ask for an offer, and again with growing pauses until one leads to a connection. */
  #join() {
    this.options.signal({ type: 'join' });
    const pause = Math.min(BACKOFF[0] * 2 ** this.tries, BACKOFF[1]);
    this.tries += 1;
    this.#wait(pause + CONNECT);
  }

  #later() {
    if (this.stopped) return;
    this.#enter('reconnecting');
    this.#wait(Math.min(BACKOFF[0] * 2 ** this.tries, BACKOFF[1]));
  }

  /** @param {number} milliseconds */
  #wait(milliseconds) {
    clearTimeout(this.timer);
    // A little chance in it, so that many pages don't come back in the same instant.
    this.timer = setTimeout(() => this.#join(), milliseconds * (0.9 + 0.2 * Math.random()));
  }

  #drop() {
    const connection = this.connection;
    this.connection = null;
    this.peer = '';
    // Which slot shows whom comes anew with the next offer; the tiles stay meanwhile.
    this.streams = [];
    this.slots = [];
    if (connection) {
      connection.onconnectionstatechange = null;
      connection.ontrack = null;
      connection.close();
    }
  }

  /**
   * @param {string} peer
   * @param {string} sdp
   */
  async #answer(peer, sdp) {
    this.#drop();
    if (this.state === 'connected') this.#enter('reconnecting'); // the relay itself was restarted
    if (this.shown.size) {
      this.gathering = performance.now() + GATHER;
      clearTimeout(this.gathered);
      this.gathered = setTimeout(() => this.peer && this.#show(this.slots), GATHER + 50);
    }
    const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: [] });
    this.connection = connection;
    this.peer = peer;
    connection.onconnectionstatechange = () => this.#changed(connection);
    connection.ontrack = (event) => this.#arrived(event);
    // Before the offer is set: only then is a transform on a sender obeyed.
    for (const kind of /** @type {const} */ (['audio', 'video'])) {
      const track = this.own.outgoing(kind);
      if (!track) continue;
      const sender = connection.addTrack(track, this.own.stream);
      this.options.transform?.(sender);
    }
    try {
      await connection.setRemoteDescription({ type: 'offer', sdp });
      const answer = await connection.createAnswer();
      await connection.setLocalDescription(answer);
      if (this.connection !== connection) return;
      this.options.signal({ type: 'answer', peer, sdp: withoutAddresses(answer.sdp ?? '') });
      this.#tellDevices();
    } catch (error) {
      if (this.connection === connection) this.#later();
    }
  }

  /** @param {RTCTrackEvent} event */
  #arrived(event) {
    this.options.transform?.(event.receiver);
    const [stream] = event.streams;
    const slot = Number(stream.id.replace('slot-', ''));
    if (this.streams[slot] !== stream) {
      this.streams[slot] = stream;
      this.#show(this.slots);
    }
  }

  /** @param {RTCPeerConnection} connection */
  #changed(connection) {
    if (connection !== this.connection || this.stopped) return;
    const state = connection.connectionState;
    if (state === 'connected') {
      clearTimeout(this.timer);
      this.tries = 0;
      this.#enter('connected');
    } else if (state === 'disconnected') {
      this.#enter('reconnecting');
      this.#wait(HEAL);
    } else if (state === 'failed' || state === 'closed') {
      this.#later();
    }
  }

  /**
   * Bring the tiles to what the slots say; a tile that stays keeps its element.
   * @param {(SlotView | null)[]} slots
   */
  #show(slots) {
    this.slots = slots;
    const seats = new Set(slots.map((view) => view?.seat));
    if ([...this.shown.keys()].every((seat) => seats.has(seat))) this.gathering = 0;
    for (const seat of [...this.shown.keys()]) {
      if (seats.has(seat)) continue;
      if (performance.now() < this.gathering) {
        this.options.onSeat?.({ seat, live: false, microphone: false, camera: false });
      } else {
        this.shown.delete(seat);
        this.options.onTile(seat, null);
      }
    }
    slots.forEach((view, number) => {
      const stream = this.streams[number];
      if (!view) return;
      if (stream && this.shown.get(view.seat) !== stream) {
        this.shown.set(view.seat, stream);
        this.options.onTile(view.seat, stream);
      }
      this.options.onSeat?.(view);
    });
  }
}

/**
 * The answer without anything that tells where the page is. The relay learns the way back from
 * the packets themselves.
 * @param {string} sdp
 */
export function withoutAddresses(sdp) {
  return sdp
    .split('\r\n')
    .filter((line) => !/^a=(candidate:|end-of-candidates|remote-candidates:)/.test(line))
    .map((line) => line.replace(/^(c=|o=.* )IN IP[46] \S+/, '$1IN IP4 0.0.0.0'))
    .map((line) => line.replace(/^a=rtcp:.*/, 'a=rtcp:9 IN IP4 0.0.0.0'))
    .join('\r\n');
}
