// @ts-check
/* <live-page>: when access to what a page shows has ended, the page goes blank at once and asks
   its address again, as anybody would; the answer is what the server gives now (P-8, P-21). */

/** The server's word that this page may not stay as it is; and that nobody is signed in. */
const AGAIN = 4010;
const NOBODY = 4011;

class LivePage extends HTMLElement {
  /** @type {WebSocket | undefined} */
  socket;
  note = "";
  wait = 1000;
  done = false;
  /** @type {number | undefined} */
  timer;

  connectedCallback() {
    this.note = this.getAttribute("watch") ?? "";
    document.addEventListener("mutual:exit", this);
    window.addEventListener("pagehide", this);
    this.open();
  }

  disconnectedCallback() {
    this.stop();
  }

  handleEvent() {
    this.stop();
  }

  open() {
    if (this.done) return;
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
      if (this.done) return;
      if (event.code === AGAIN) this.again();
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
    document.removeEventListener("mutual:exit", this);
    window.removeEventListener("pagehide", this);
    this.socket?.close();
  }
}

customElements.define("live-page", LivePage);
