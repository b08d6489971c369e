// @ts-check
/* Staff keys: / search, j k rows, enter open, a row's own keys (r room, n note), ? the list. */

/** @param {EventTarget | null} target */
const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** @returns {HTMLElement[]} */
const rows = () =>
  [...document.querySelectorAll("[data-rows] > :not([hidden])")].filter((row) => row instanceof HTMLElement);

/** @param {number} step */
function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains("cursor"));
  const next = Math.min(Math.max(now + step, 0), all.length - 1);
  all[now]?.classList.remove("cursor");
  const row = all[next];
  row.classList.add("cursor");
  row.scrollIntoView({ block: "nearest" });
  const link = row.querySelector("a[href], button");
  if (link instanceof HTMLElement) link.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (!document.body.classList.contains("staff") || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const row = document.querySelector("[data-rows] > .cursor");
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("search")?.focus();
  } else if (event.key === "j" || event.key === "k") {
    move(event.key === "j" ? 1 : -1);
  } else if (event.key === "?") {
    const opener = document.querySelector('[data-opens="keys-help"]');
    if (opener instanceof HTMLElement) opener.click();
  } else if (/^[a-z]$/.test(event.key)) {
    const keyed = (row ?? document).querySelector(`[data-key="${event.key}"]`);
    if (keyed instanceof HTMLElement) {
      event.preventDefault();
      keyed.click();
    }
  }
});
