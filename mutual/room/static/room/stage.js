// @ts-check
/**
 * What both the partner's and the clinician's page are made of: tiles, controls, words, clock.
 *
 * Nothing private is kept in the page: names come with the room's state and go with it.
 */

import { RoomMedia } from './media.js';
import { able } from './share.js';
import { Wire } from './wire.js';

/** Milliseconds between two looks at the microphone's level. */
const LISTEN = 700;

/** @param {string} selector @param {ParentNode} [within] */
const find = (selector, within = document) =>
  /** @type {HTMLElement | null} */ (within.querySelector(selector));

export class Stage {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    /** @type {Record<string, {name: string, side: string}>} */
    this.people = {};
    /** @type {Map<string, HTMLElement>} */
    this.tiles = new Map();
    this.faces = /** @type {HTMLElement} */ (find('[data-faces]', root));
    /** @type {RoomMedia | null} */
    this.media = null;
    this.heard = false;
    this.since = root.dataset.since ? Date.parse(root.dataset.since) : 0;
    /** @type {(message: any) => void} */
    this.onRoom = () => {};
    /** @type {(reason: 'taken' | 'over') => void} */
    this.onEnd = () => {};
    this.wire = this.#open();
    this.#controls();
    setInterval(() => void this.#listen(), LISTEN);
    setInterval(() => this.#clock(), 1000);
    document.addEventListener('mutual:exit', () => this.stop());
    addEventListener('pagehide', () => this.media?.own.stop());
  }

  #open() {
    return new Wire(this.root.dataset.room ?? '', {
      onMessage: (message) => {
        if (message.type === 'room') this.#room(message);
        else if (message.type === 'refused') this.onRoom(message);
        else void this.media?.handle(message);
      },
      onOpen: (again) => {
        if (again) this.media?.rejoin();
      },
      onLost: () => this.state(this.words.wordsReconnecting ?? ''),
      onEnd: (reason) => {
        this.stop();
        this.onEnd(reason);
      },
    });
  }

  /** @param {any} message */
  #room(message) {
    this.people = message.people ?? {};
    for (const seat of this.tiles.keys()) this.#name(seat);
    this.onRoom(message);
  }

  /** Start sound and picture, with what the browser gives. @param {boolean} [blur] */
  start(blur = false) {
    if (this.media) return;
    this.media = new RoomMedia({
      signal: (message) => this.wire.send(message),
      onTile: (seat, stream) => this.#tile(seat, stream),
      onSeat: (view) => {
        const tile = this.tiles.get(view.seat);
        tile?.classList.toggle('away', !view.live);
        this.#name(view.seat, view);
      },
      onState: (state) => {
        if (state === 'connected') this.state(this.words.wordsIn ?? '');
        else if (state === 'reconnecting') this.state(this.words.wordsReconnecting ?? '');
        else if (state !== 'stopped') this.state(this.words.wordsJoining ?? '');
      },
      onClosed: (reason) => {
        if (reason === 'replaced') this.onEnd('taken');
      },
      onDevices: () => this.#devices(),
      onSelf: (stream) => {
        const self = find('[data-self]', this.root);
        const video = self?.querySelector('video');
        if (!self || !video) return;
        if (video.srcObject !== stream) video.srcObject = stream;
        self.hidden = !stream.getVideoTracks().length;
        if (blur) void this.#blur(stream);
      },
    });
    void this.media.open();
  }

  /** Everything off, at once: devices first, then what was shown. */
  stop() {
    this.media?.stop();
    this.media = null;
    this.wire?.end();
    this.clear();
  }

  /** Sound and picture off, the socket stays: the person waits again. */
  rest() {
    this.media?.stop();
    this.media = null;
    this.clear();
  }

  clear() {
    for (const tile of this.tiles.values()) tile.remove();
    this.tiles.clear();
    this.faces.hidden = true;
    const self = find('[data-self]', this.root);
    if (self) self.hidden = true;
  }

  /** @param {string} words */
  state(words) {
    const chip = find('[data-state]');
    if (chip && chip.textContent !== words) chip.textContent = words;
  }

  /** @param {string} words */
  say(words) {
    const line = find('[data-say]');
    if (line && line.textContent !== words) line.textContent = words;
  }

  /** @param {string} name of the one section that shows; empty for none */
  show(name) {
    for (const section of this.root.querySelectorAll('section.wait')) {
      const element = /** @type {HTMLElement} */ (section);
      element.hidden = !(name && element.matches(`[data-${name}]`));
      if (!element.hidden) find('h2[tabindex]', element)?.focus();
    }
  }

  /** @param {string} seat @param {MediaStream | null} stream */
  #tile(seat, stream) {
    const old = this.tiles.get(seat);
    if (!stream) {
      old?.remove();
      this.tiles.delete(seat);
    } else {
      const tile = old ?? this.#made(seat);
      const video = /** @type {HTMLVideoElement} */ (tile.querySelector('video'));
      video.srcObject = stream;
      void video.play().catch(() => {});
    }
    this.faces.hidden = this.tiles.size === 0;
    this.faces.dataset.count = String(this.tiles.size);
    this.root.dispatchEvent(new CustomEvent('room:tiles'));
  }

  /** @param {string} seat */
  #made(seat) {
    const tile = document.createElement('div');
    tile.className = 'face';
    tile.dataset.seat = seat;
    const video = document.createElement('video');
    video.autoplay = true;
    video.playsInline = true;
    // Cameras are asked for at 640 wide: what is larger is a tab or window, and shown whole.
    video.addEventListener('resize', () => tile.classList.toggle('whole', video.videoWidth > 960));
    const name = document.createElement('span');
    name.className = 'face-name';
    tile.append(video, name);
    this.faces.append(tile);
    this.tiles.set(seat, tile);
    this.#name(seat);
    return tile;
  }

  /**
   * @param {string} seat
   * @param {{live: boolean, microphone: boolean, camera: boolean}} [view]
   */
  #name(seat, view) {
    const tile = this.tiles.get(seat);
    const label = tile?.querySelector('.face-name');
    if (!tile || !label) return;
    const who = this.people[seat];
    tile.dataset.side = who?.side ?? 'none';
    if (view) tile.classList.toggle('no-picture', !view.camera);
    const away = tile.classList.contains('away') ? ` · ${this.words.wordsAway}` : '';
    label.textContent = `${who?.name ?? ''}${away}`;
  }

  #controls() {
    find('[data-microphone]')?.addEventListener('click', () => {
      const on = this.media?.devices.microphone === 'on';
      void this.media?.setMicrophone(!on);
    });
    find('[data-camera]')?.addEventListener('click', () => {
      const on = this.media?.devices.camera === 'on';
      void this.media?.setCamera(!on);
    });
    const share = find('[data-share]');
    if (share) share.hidden = !able();
    share?.addEventListener('click', async () => {
      const state = await this.media?.setSharing(!this.media.sharing);
      if (state === 'desktop') this.say(this.words.wordsDesktop ?? '');
      else if (state === 'on') this.say(this.words.wordsShared ?? '');
      else if (state === 'off') this.say('');
    });
    find('[data-back-here]', this.root)?.addEventListener('click', () => location.reload());
  }

  /** What is really sent, and what to do about what isn't (F-9). */
  #devices() {
    const states = this.media?.devices;
    if (!states) return;
    for (const name of /** @type {const} */ (['microphone', 'camera'])) {
      find(`[data-${name}]`)?.setAttribute('aria-pressed', String(states[name] === 'on'));
    }
    find('[data-share]')?.setAttribute('aria-pressed', String(this.media?.sharing === true));
    const bad = /** @param {string} state */ (state) => !['on', 'off'].includes(state);
    if (bad(states.microphone) && bad(states.camera)) this.say(this.words.wordsListen ?? '');
    else if (bad(states.microphone)) this.say(this.words.wordsMic ?? '');
    else if (bad(states.camera)) this.say(this.words.wordsCamera ?? '');
  }

  /** "Your microphone works" only once a sound was really there (F-9). */
  async #listen() {
    if (this.heard || this.media?.devices.microphone !== 'on') return;
    if ((await this.media.level()) > 0.01) {
      this.heard = true;
      this.say(this.words.wordsHeard ?? '');
    } else if (this.media.devices.camera !== 'refused') {
      this.say(this.words.wordsSilent ?? '');
    }
  }

  /** @param {MediaStream} stream */
  async #blur(stream) {
    const [track] = stream.getVideoTracks();
    if (!track || track.readyState === 'ended') return;
    const able = /** @type {any} */ (track.getCapabilities?.() ?? {});
    if (able.backgroundBlur?.includes?.(true)) {
      await track.applyConstraints(/** @type {any} */ ({ backgroundBlur: true })).catch(() => {});
    } else {
      this.say(this.words.wordsNoblur ?? '');
    }
  }

  #clock() {
    const chip = find('[data-clock]');
    if (!chip || !this.since) return;
    const seconds = Math.max(0, Math.floor((Date.now() - this.since) / 1000));
    const two = /** @param {number} n */ (n) => String(n).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    chip.textContent = `${hours ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    chip.hidden = false;
  }
}
