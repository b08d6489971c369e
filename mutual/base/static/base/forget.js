// @ts-check
/* HTMX notes the present address in sessionStorage, where it would outlive the sign-out (P-61). */

const NOTE = "htmx-current-path-for-history";

export function forget() {
  try {
    sessionStorage.removeItem(NOTE);
  } catch {
    // No storage, nothing kept.
  }
}

forget();
for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore", "htmx:afterSettle"]) {
  document.addEventListener(name, forget);
}
window.addEventListener("pagehide", forget);
