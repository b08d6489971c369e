// @ts-check
/* While something is shown to others, our own notices and counts are out of the picture (P-81). */

/** Milliseconds without a word from the page that shows something, after which it is over. */
const SILENT = 6000;

const page = document.documentElement;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let silent;

/** @param {boolean} on @param {string} [surface] what is shown, if this very page shows it */
const set = (on, surface = '') => {
  clearTimeout(silent);
  page.toggleAttribute("data-sharing", on);
  page.toggleAttribute("data-sharing-window", on && surface === "window");
  if (on) silent = setTimeout(() => set(false), SILENT);
};

const channel = new BroadcastChannel("mutual-sharing");
channel.addEventListener("message", (event) => set(event.data?.on === true));
addEventListener("mutual:sharing", (event) => {
  const { on, surface } = /** @type {CustomEvent} */ (event).detail;
  set(on, surface);
});
