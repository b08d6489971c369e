// @ts-check
/* Quick exit (P-66): blank first, then tell the server, then leave. Nothing here waits. */

/** Milliseconds within which a second Escape counts. */
const TWICE = 600;

/** @returns {HTMLAnchorElement | null} */
const button = () => document.querySelector("a[data-quick-exit]");

let gone = false;

/** Clears the screen, locks the session and replaces this page by a harmless one. */
export function leave() {
  const link = button();
  if (!link || gone) return;
  gone = true;
  const { lock = "/lock/", to = "https://www.weather.gov/" } = link.dataset;
  for (const media of document.querySelectorAll("video, audio")) {
    /** @type {HTMLMediaElement} */ (media).srcObject = null;
  }
  document.dispatchEvent(new CustomEvent("mutual:exit"));
  document.title = "\u200b";
  document.documentElement.replaceChildren(document.createElement("head"), document.createElement("body"));
  try {
    if (!navigator.sendBeacon(lock)) {
      void fetch(lock, { method: "POST", keepalive: true, credentials: "same-origin" });
    }
  } catch {
    // Leaving matters more; the server locks by itself after 15 idle minutes.
  }
  const meta = document.createElement("meta");
  meta.name = "referrer";
  meta.content = "no-referrer";
  document.head.append(meta);
  location.replace(to);
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("a[data-quick-exit]") : null;
  if (!target) return;
  event.preventDefault();
  leave();
});

let last = -Infinity;
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - last < TWICE) leave();
    last = event.timeStamp;
  },
  true,
);

// A page that the browser kept for Back is never shown again as it was (P-61).
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
