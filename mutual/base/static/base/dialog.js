// @ts-check
/* data-opens="id" opens a dialog or drawer; focus goes to its heading and comes back after. */

/** @type {WeakMap<HTMLDialogElement, HTMLElement>} */
const openers = new WeakMap();

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const opener = event.target.closest("[data-opens]");
  if (opener instanceof HTMLElement) {
    const dialog = document.getElementById(opener.dataset.opens ?? "");
    if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
    event.preventDefault();
    openers.set(dialog, opener);
    dialog.showModal();
    const first = dialog.querySelector("[autofocus], h2[tabindex]");
    if (first instanceof HTMLElement) first.focus();
    return;
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
  // A click on the backdrop lands on the dialog itself, outside its box.
  if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

document.addEventListener(
  "close",
  (event) => {
    if (!(event.target instanceof HTMLDialogElement)) return;
    const opener = openers.get(event.target);
    if (opener?.isConnected) opener.focus();
  },
  true,
);

// After HTMX swaps the focused thing away, focus goes to the new part, never to nowhere.
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const part = event.target;
  if (!(part instanceof HTMLElement)) return;
  const next = part.querySelector("[autofocus], h1, h2, h3") ?? part;
  if (!(next instanceof HTMLElement)) return;
  if (!next.hasAttribute("tabindex") && next.tabIndex < 0) next.tabIndex = -1;
  next.focus({ preventScroll: true });
});
