// @ts-check
/* <auto-draft url="/draft/…"> around a form: what is typed is kept on the server (P-61: never in
   the browser) every few seconds and said so; without a connection a bar says that typing goes on. */

const EVERY = 3000;

/** @param {string} words @param {Record<string, string | number>} blanks */
const fill = (words, blanks) => words.replace(/\{(\w+)\}/g, (_, name) => String(blanks[name] ?? ""));

class AutoDraft extends HTMLElement {
  /** @type {number | undefined} */
  timer;
  /** @type {number | undefined} */
  clock;
  saved = 0;
  dirty = false;
  busy = false;
  failed = false;

  connectedCallback() {
    this.addEventListener("input", this);
    this.addEventListener("submit", this);
    window.addEventListener("online", this);
    window.addEventListener("offline", this);
    document.addEventListener("mutual:exit", this);
    this.clock = window.setInterval(() => this.tell(), 1000);
  }

  disconnectedCallback() {
    window.removeEventListener("online", this);
    window.removeEventListener("offline", this);
    document.removeEventListener("mutual:exit", this);
    window.clearInterval(this.clock);
    window.clearTimeout(this.timer);
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "input") {
      this.dirty = true;
      this.plan();
    } else if (event.type === "online") {
      void this.save();
    } else if (event.type === "submit" || event.type === "mutual:exit") {
      if (event.target instanceof HTMLFormElement) this.renew(event.target);
      window.clearTimeout(this.timer);
      this.dirty = false;
    }
    this.tell();
  }

  plan() {
    if (this.timer === undefined) {
      this.timer = window.setTimeout(() => {
        this.timer = undefined;
        void this.save();
      }, EVERY);
    }
  }

  async save() {
    const form = this.querySelector("form");
    const url = this.getAttribute("url");
    if (!form || !url || !this.dirty || this.busy) return;
    this.renew(form);
    const body = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") body.append(name, value);
    }
    this.dirty = false;
    this.busy = true;
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { accept: "application/json" } });
      // A redirect leads to the sign-in page: nothing was kept, and the page must not say so.
      this.show("[data-draft-sign-in]", answer.redirected);
      if (answer.status === 409) {
        this.show("[data-draft-refused]", true, (await answer.json()).words);
        this.failed = false;
        return;
      }
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      this.show("[data-draft-refused]", false);
      this.saved = Date.now();
      this.failed = false;
    } catch {
      this.dirty = true;
      this.failed = true;
      this.plan();
    } finally {
      this.busy = false;
      if (this.dirty) this.plan();
    }
    this.tell();
  }

  /** A sign-in in another tab renews the token: send the one that holds now (F-10).
      @param {HTMLFormElement} form */
  renew(form) {
    const token = form.querySelector("input[name=csrfmiddlewaretoken]");
    const now = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    if (token instanceof HTMLInputElement && now) token.value = now[1] ?? token.value;
  }

  /** @param {string} place @param {boolean} on @param {string} words */
  show(place, on, words = "") {
    const notice = this.querySelector(place);
    if (!(notice instanceof HTMLElement)) return;
    const text = notice.querySelector("p");
    if (words && text) text.textContent = words;
    notice.hidden = !on;
  }

  tell() {
    const state = this.querySelector("[data-draft-state]");
    const bar = this.querySelector("[data-draft-offline]");
    if (bar instanceof HTMLElement) bar.hidden = navigator.onLine && !this.failed;
    if (!(state instanceof HTMLElement) || !this.saved) return;
    const seconds = Math.round((Date.now() - this.saved) / 1000);
    const words = seconds < 60 ? state.dataset.seconds : state.dataset.minutes;
    const text = fill(words ?? "", { n: seconds < 60 ? seconds : Math.floor(seconds / 60) });
    const place = state.querySelector("span") ?? state;
    if (place.textContent !== text) place.textContent = text;
    state.hidden = false;
  }
}

customElements.define("auto-draft", AutoDraft);
