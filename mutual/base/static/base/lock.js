// @ts-check
/* <idle-lock minutes="15">: after so long without a touch or key the page is covered and the server
   ends what it could open. What was typed stays where it is, in this page alone, and is there again
   once the PIN or key is given (P-84). Nothing is written to any storage (P-61). */

/** Milliseconds between two looks at the clock, and between two words to the server. */
const LOOK = 5000;
const TELL = 60_000;
/** The server's answer to a locked browser. */
const LOCKED = 423;

/** @param {ArrayBuffer | null} bytes */
const encode = (bytes) =>
  bytes
    ? btoa(String.fromCharCode(...new Uint8Array(bytes)))
        .replace(/\+/g, "-")
        .replace(/\//g, "_")
        .replace(/=+$/, "")
    : undefined;
/** @param {string} text */
const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

class IdleLock extends HTMLElement {
  last = Date.now();
  told = Date.now();
  locked = false;
  way = "";
  /** @type {BroadcastChannel | undefined} */
  channel;
  /** @type {number | undefined} */
  clock;

  connectedCallback() {
    for (const name of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
      document.addEventListener(name, this, { capture: true, passive: true });
    }
    document.addEventListener("visibilitychange", this);
    document.addEventListener("mutual:idle", this);
    document.addEventListener("mutual:exit", this);
    document.body.addEventListener("htmx:responseError", this);
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.give();
    });
    this.channel = new BroadcastChannel("mutual-lock");
    this.channel.addEventListener("message", ({ data }) => {
      if (data === "active") this.last = Date.now();
      else if (data === "locked") void this.lock();
      else if (data === "open") this.open();
    });
    this.clock = window.setInterval(() => this.look(), LOOK);
  }

  disconnectedCallback() {
    window.clearInterval(this.clock);
    this.channel?.close();
  }

  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  get form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form[data-unlock]"));
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "mutual:exit") this.disconnectedCallback();
    else if (event.type === "mutual:idle") void this.lock();
    else if (event.type === "htmx:responseError") {
      const { xhr } = /** @type {CustomEvent} */ (event).detail;
      if (xhr?.status === LOCKED) void this.lock();
    } else if (event.type === "visibilitychange") this.look();
    else if (!this.locked) {
      // A screen that slept is not woken by the first touch.
      if (this.look()) return;
      const before = this.last;
      this.last = Date.now();
      if (this.last - before > LOOK) this.channel?.postMessage("active");
    }
  }

  /** Whether it is locked now. */
  look() {
    const now = Date.now();
    if (!this.locked && now - this.last >= Number(this.getAttribute("minutes")) * 60_000) {
      void this.lock();
    } else if (!this.locked && this.last > this.told && now - this.told >= TELL) {
      this.told = now;
      void fetch("/unlock/alive/", { method: "POST" })
        .then((answer) => (answer.status === LOCKED ? this.lock() : undefined))
        .catch(() => undefined);
    }
    return this.locked;
  }

  async lock() {
    if (this.locked) return;
    this.locked = true;
    document.documentElement.toggleAttribute("data-locked", true);
    document.dispatchEvent(new CustomEvent("mutual:locked"));
    this.hidden = false;
    if (!this.dialog.open) this.dialog.showModal();
    this.channel?.postMessage("locked");
    await this.ask();
  }

  /** Tell the server, and show the way that opens. */
  async ask() {
    try {
      const answer = await fetch("/unlock/lock/", { method: "POST" });
      this.way = (await answer.json()).way;
    } catch {
      this.say(this.getAttribute("offline") ?? "");
      return;
    }
    if (!this.way) {
      // Signed out meanwhile: nothing here may be shown any more.
      document.body.replaceChildren();
      location.replace(location.pathname + location.search);
      return;
    }
    for (const part of this.form.querySelectorAll("[data-way]")) {
      if (!(part instanceof HTMLElement)) continue;
      part.hidden = part.dataset.way !== this.way;
      for (const input of part.querySelectorAll("input")) input.disabled = part.hidden;
    }
    const first = this.form.querySelector("[data-way]:not([hidden]) input");
    if (first instanceof HTMLElement) first.focus();
  }

  async give() {
    this.say("");
    try {
      if (!this.way) await this.ask();
      const body = new FormData(this.form);
      if (this.way === "passkey") body.set("credential", await this.key());
      const answer = await fetch("/unlock/", {
        method: "POST",
        body,
        headers: { accept: "application/json", "X-CSRFToken": token() },
      });
      const { open, words } = await answer.json();
      if (open) {
        this.channel?.postMessage("open");
        this.open();
      } else this.say(words ?? "");
    } catch {
      this.say(this.getAttribute(this.way === "passkey" ? "again" : "offline") ?? "");
    }
  }

  /** Ask the device for the passkey. */
  async key() {
    const answer = await fetch("/unlock/", { headers: { accept: "application/json" } });
    const { publicKey } = (await answer.json()).options;
    const found = /** @type {PublicKeyCredential} */ (
      await navigator.credentials.get({
        publicKey: {
          ...publicKey,
          challenge: decode(publicKey.challenge),
          allowCredentials: (publicKey.allowCredentials ?? []).map(
            (/** @type {{ id: string }} */ one) => ({ ...one, id: decode(one.id) }),
          ),
        },
      })
    );
    const response = /** @type {AuthenticatorAssertionResponse} */ (found.response);
    return JSON.stringify({
      type: found.type,
      id: found.id,
      rawId: encode(found.rawId),
      clientExtensionResults: {},
      response: {
        clientDataJSON: encode(response.clientDataJSON),
        authenticatorData: encode(response.authenticatorData),
        signature: encode(response.signature),
        userHandle: encode(response.userHandle),
      },
    });
  }

  open() {
    if (!this.locked) return;
    this.locked = false;
    this.last = this.told = Date.now();
    this.form.reset();
    this.dialog.close();
    this.hidden = true;
    document.documentElement.toggleAttribute("data-locked", false);
    document.dispatchEvent(new CustomEvent("mutual:opened"));
  }

  /** @param {string} words */
  say(words) {
    const place = this.querySelector("[data-words]");
    if (!(place instanceof HTMLElement)) return;
    place.textContent = words;
    place.hidden = !words;
  }
}

customElements.define("idle-lock", IdleLock);
