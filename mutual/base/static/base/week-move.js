// @ts-check
/* <week-move first="2026-11-30">: a planned session is dragged to another time, or lifted with M
   and carried with the arrows. Nothing is moved by it: it opens the session with that time, which
   says what moving it would do. Hours that the week folds away can't be dropped on. */

/** Minutes of one step, and of one row of the grid. */
const STEP = 15;
const ROW = 5;
/** Pixels before a press becomes a drag. */
const SLACK = 6;

/** @typedef {{ day: number, minute: number }} Place */

class WeekMove extends HTMLElement {
  /** @type {HTMLElement | null} The block that is on its way. */
  block = null;
  /** @type {HTMLElement | null} Where it would stand. */
  ghost = null;
  /** @type {Place} */
  place = { day: 0, minute: 0 };
  /** @type {{ x: number, y: number, grip: number, block: HTMLElement } | null} */
  press = null;
  dragged = false;

  connectedCallback() {
    this.addEventListener("pointerdown", this);
    this.addEventListener("keydown", this);
    this.addEventListener("dragstart", this);
    this.addEventListener("click", this, true);
    // A grid that comes anew by itself waits while somebody works in it.
    document.body.addEventListener("htmx:beforeRequest", this);
    for (const link of this.links()) link.setAttribute("aria-keyshortcuts", "M");
  }

  disconnectedCallback() {
    document.body.removeEventListener("htmx:beforeRequest", this);
    this.release();
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "htmx:beforeRequest") this.wait(event);
    else if (event.type === "dragstart") event.preventDefault();
    else if (event.type === "click" && this.dragged) this.swallow(event);
    else if (event instanceof KeyboardEvent) this.onKey(event);
    else if (event instanceof PointerEvent) this.onPointer(event);
  }

  /** Links of sessions that can still be moved. */
  links() {
    return /** @type {NodeListOf<HTMLAnchorElement>} */ (this.querySelectorAll(".block.planned > a"));
  }

  /** @param {Event} event */
  wait(event) {
    const inside = event.target instanceof Element && event.target.contains(this);
    const used = this.press || this.block || this.contains(document.activeElement);
    if (inside && used) event.preventDefault();
  }

  /** The click that ends a drag opens nothing. @param {Event} event */
  swallow(event) {
    event.preventDefault();
    event.stopPropagation();
    this.dragged = false;
  }

  /** @param {PointerEvent} event */
  onPointer(event) {
    if (event.type === "pointerdown") {
      // On a touch screen the finger scrolls; the session's own page moves it there.
      const target = event.target instanceof Element ? event.target.closest(".block.planned") : null;
      if (!(target instanceof HTMLElement) || !target.querySelector("a")) return;
      if (event.pointerType === "touch" || event.button !== 0) return;
      this.dragged = false;
      const grip = event.clientY - target.getBoundingClientRect().top;
      this.press = { x: event.clientX, y: event.clientY, grip, block: target };
      for (const name of ["pointermove", "pointerup", "pointercancel"]) {
        window.addEventListener(name, this);
      }
    } else if (event.type === "pointermove" && this.press) {
      const far = Math.hypot(event.clientX - this.press.x, event.clientY - this.press.y) > SLACK;
      if (!this.block && far) {
        this.dragged = true;
        this.lift(this.press.block);
      }
      if (this.block) {
        const there = this.under(event.clientX, event.clientY - this.press.grip);
        if (there) this.show(there);
      }
    } else if (this.press) {
      const lifted = this.block !== null && event.type === "pointerup";
      if (lifted) this.open();
      else this.release();
    }
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const link = event.target instanceof HTMLAnchorElement ? event.target : null;
    if (!this.block) {
      const block = link?.closest(".block.planned");
      if (event.key.toLowerCase() !== "m" || !(block instanceof HTMLElement)) return;
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      this.lift(block);
      this.say(this.dataset.lifted ?? "");
      return;
    }
    const slots = this.slots();
    const at = slots.indexOf(this.place.minute);
    const { day } = this.place;
    const days = this.querySelectorAll(".week-day").length;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowUp: () => this.show({ day, minute: slots[Math.max(0, at - 1)] ?? 0 }),
      ArrowDown: () => this.show({ day, minute: slots[Math.min(slots.length - 1, at + 1)] ?? 0 }),
      ArrowLeft: () => this.show({ ...this.place, day: Math.max(0, day - 1) }),
      ArrowRight: () => this.show({ ...this.place, day: Math.min(days - 1, day + 1) }),
      Enter: () => this.open(),
      Escape: () => this.release(),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
    if (this.block) this.say(this.words());
  }

  /** Begin at the block's own place. @param {HTMLElement} block */
  lift(block) {
    this.block = block;
    const day = block.closest(".week-day");
    const minute = this.minuteOf(number(block, "r"));
    const slot = this.slots().findLast((one) => one <= minute) ?? minute;
    this.ghost = /** @type {HTMLElement} */ (block.cloneNode(true));
    this.ghost.classList.replace("planned", "ghost");
    this.ghost.setAttribute("aria-hidden", "true");
    this.ghost.querySelector("a")?.removeAttribute("href");
    block.classList.replace("planned", "moving");
    this.show({ day: [...this.querySelectorAll(".week-day")].findIndex((one) => one === day), minute: slot });
  }

  /** Draw where it would stand. @param {Place} place */
  show(place) {
    const row = this.rowOf(place.minute);
    const day = this.querySelectorAll(".week-day")[place.day];
    if (!this.ghost || row === undefined || !day) return;
    this.place = place;
    this.ghost.classList.remove(`r-${number(this.ghost, "r")}`);
    this.ghost.classList.add(`r-${row}`);
    let blocks = day.querySelector(".blocks");
    if (!blocks) {
      blocks = document.createElement("ol");
      blocks.className = "blocks";
      day.append(blocks);
    }
    blocks.append(this.ghost);
    const when = this.ghost.querySelector(".block-when");
    if (when) when.textContent = this.words();
  }

  /** Open the session with the time that was chosen; at its own place nothing was chosen. */
  open() {
    const { block, place } = this;
    const first = new Date(`${this.getAttribute("first")}T00:00:00Z`);
    if (!block) return;
    const link = block.querySelector("a");
    const home = block.closest(".week-day") === this.querySelectorAll(".week-day")[place.day];
    const same = home && this.rowOf(place.minute) === number(block, "r");
    this.release();
    if (!link || same) return;
    first.setUTCDate(first.getUTCDate() + place.day);
    const url = new URL(link.href);
    url.searchParams.set("to", `${first.toISOString().slice(0, 10)}T${clock(place.minute)}`);
    location.assign(url);
  }

  /** Everything as it was. */
  release() {
    this.block?.classList.replace("moving", "planned");
    this.ghost?.remove();
    if (this.block) this.say("");
    this.block = null;
    this.ghost = null;
    this.press = null;
    for (const name of ["pointermove", "pointerup", "pointercancel"]) {
      window.removeEventListener(name, this);
    }
  }

  /** Where on the week a point is. @param {number} x @param {number} y @returns {Place | null} */
  under(x, y) {
    const days = [...this.querySelectorAll(".week-day")];
    const day = days.findIndex((one) => {
      const box = one.getBoundingClientRect();
      return box.left <= x && x < box.right;
    });
    for (const line of this.lines()) {
      const box = line.getBoundingClientRect();
      if (day < 0 || y < box.top || y >= box.bottom) continue;
      const part = Math.round(((y - box.top) / box.height) * (60 / STEP)) * STEP;
      const minute = Number(line.dataset.hour) * 60 + Math.min(part, 60 - STEP);
      return { day, minute };
    }
    return null;
  }

  /** The hours that are drawn. */
  lines() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".week-line[data-hour]")]);
  }

  /** Minutes of the day on which a session may begin, in order. */
  slots() {
    const quarters = Array.from({ length: 60 / STEP }, (_, n) => n * STEP);
    return this.lines().flatMap((line) => quarters.map((q) => Number(line.dataset.hour) * 60 + q));
  }

  /** @param {number} minute @returns {number | undefined} */
  rowOf(minute) {
    const line = this.lines().find((one) => Number(one.dataset.hour) === Math.floor(minute / 60));
    return line && number(line, "r") + (minute % 60) / ROW;
  }

  /** @param {number} row */
  minuteOf(row) {
    const line = this.lines().findLast((one) => number(one, "r") <= row);
    return line ? Number(line.dataset.hour) * 60 + (row - number(line, "r")) * ROW : 0;
  }

  /** Day and time of the place, as people say it. */
  words() {
    const head = this.querySelectorAll(".week-day")[this.place.day]?.querySelector(".week-head");
    const at = new Date(`2000-01-01T${clock(this.place.minute)}:00Z`);
    const time = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
      hour: "numeric", minute: "2-digit", timeZone: "UTC",
    });
    return `${head?.textContent?.trim() ?? ""}, ${time.format(at)}`;
  }

  /** @param {string} words */
  say(words) {
    const said = this.querySelector("output");
    if (said) said.textContent = words;
  }
}

/** Number of a class such as `r-13`. @param {Element} element @param {string} letter */
function number(element, letter) {
  const name = [...element.classList].find((one) => one.startsWith(`${letter}-`)) ?? "";
  return Number(name.slice(letter.length + 1));
}

/** @param {number} minute @returns {string} `18:15` */
function clock(minute) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

customElements.define("week-move", WeekMove);
