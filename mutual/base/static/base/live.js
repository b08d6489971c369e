// @ts-check
/* <live-page>: when access to what a page shows has ended, the page goes blank at once and asks
   its address again, as anybody would; the answer is what the server gives now (P-8, P-21). */

/** The server's word that this page may not stay as it is; and that nobody is signed in. */
const AGAIN = 4010;
const NOBODY = 4011;
/** Idle: the page locks and stays as it is (lock.js). */
const IDLE = 4012;

class LivePage extends HTMLElement {
  /** @type {WebSocket | undefined} */
  socket;
  note = "";
  wait = 1000;
  done = false;
  held = false;
  /** @type {number | undefined} */
  timer;

  connectedCallback() {
    this.note = this.getAttribute("watch") ?? "";
    document.addEventListener("mutual:exit", this);
    document.addEventListener("mutual:locked", this);
    document.addEventListener("mutual:opened", this);
    window.addEventListener("pagehide", this);
    this.open();
  }

  disconnectedCallback() {
    this.stop();
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "mutual:locked") {
      this.held = true;
      window.clearTimeout(this.timer);
      this.socket?.close();
    } else if (event.type === "mutual:opened") {
      this.held = false;
      // What ended meanwhile is found by the first look of the new socket.
      this.open();
    } else this.stop();
  }

  open() {
    if (this.done || this.held) return;
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/live/`);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.wait = 1000;
      if (this.note) socket.send(JSON.stringify({ watch: this.note }));
    });
    socket.addEventListener("message", (event) => {
      const { watch } = JSON.parse(event.data);
      if (typeof watch === "string") this.note = watch;
    });
    socket.addEventListener("close", (event) => {
      if (this.done || this.held) return;
      if (event.code === IDLE && document.querySelector("idle-lock")) {
        document.dispatchEvent(new CustomEvent("mutual:idle"));
      } else if (event.code === AGAIN || event.code === IDLE) this.again();
      else if (event.code !== NOBODY) this.later();
    });
  }

  later() {
    this.timer = window.setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(this.wait * 2, 30_000);
  }

  again() {
    this.stop();
    for (const media of document.querySelectorAll("video, audio")) {
      /** @type {HTMLMediaElement} */ (media).srcObject = null;
    }
    document.body.replaceChildren();
    location.replace(location.pathname + location.search);
  }

  stop() {
    this.done = true;
    window.clearTimeout(this.timer);
    for (const name of ["mutual:exit", "mutual:locked", "mutual:opened"]) {
      document.removeEventListener(name, this);
    }
    window.removeEventListener("pagehide", this);
    this.socket?.close();
  }
}

customElements.define("live-page", LivePage);
