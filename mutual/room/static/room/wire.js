// @ts-check
/**
 * The room's socket: comes back by itself, except where the server said that it is over.
 *
 * @typedef {{onMessage: (message: any) => void, onOpen: (again: boolean) => void,
 *   onLost: () => void, onEnd: (reason: 'taken' | 'over') => void}} WireOptions
 */

const TAKEN = 4001;
const OVER = 4004;
/** Milliseconds between two tries: the first, and the longest. */
const PAUSE = [300, 2500];
/** Tries that are refused in a row before the page asks the server what to show. */
const REFUSED = 3;

export class Wire {
  /** @param {string} session @param {WireOptions} options */
  constructor(session, options) {
    this.options = options;
    this.url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/room/${session}/`;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.ended = false;
    this.opened = false;
    this.tries = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.online = () => this.#now();
    addEventListener('online', this.online);
    this.#connect();
  }

  /** @param {object} message dropped while there is no connection */
  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** No more: by hand, by quick exit, or because the server said so. */
  end() {
    this.ended = true;
    clearTimeout(this.timer);
    removeEventListener('online', this.online);
    this.socket?.close();
  }

  #now() {
    if (this.ended || this.socket?.readyState === WebSocket.OPEN) return;
    clearTimeout(this.timer);
    this.#connect();
  }

  #connect() {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    let heard = false;
    socket.onopen = () => {
      heard = true;
      this.tries = 0;
      this.options.onOpen(this.opened);
      this.opened = true;
    };
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.type === 'taken' || message.type === 'over') this.#finish(message.type);
      else this.options.onMessage(message);
    };
    socket.onclose = (event) => {
      if (this.ended || socket !== this.socket) return;
      if (event.code === TAKEN || event.code === OVER) {
        this.#finish(event.code === TAKEN ? 'taken' : 'over');
        return;
      }
      this.options.onLost();
      this.tries += 1;
      if (!heard && this.tries >= REFUSED && navigator.onLine) {
        void this.#ask();
        return;
      }
      this.#later();
    };
  }

  #later() {
    this.timer = setTimeout(
      () => this.#connect(),
      Math.min(PAUSE[0] * 2 ** this.tries, PAUSE[1]) * (0.8 + 0.4 * Math.random()),
    );
  }

  /** The server is there and refuses: it then shows what is next (a PIN, a question, the end). */
  async #ask() {
    try {
      await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
    } catch {
      this.#later();
      return;
    }
    location.reload();
  }

  /** @param {'taken' | 'over'} reason */
  #finish(reason) {
    if (this.ended) return;
    this.end();
    this.options.onEnd(reason);
  }
}
