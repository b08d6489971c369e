// @ts-check
/* Light or dark at once; the form behind the button keeps the choice in a cookie. */

/** @returns {"light" | "dark"} */
export function shown() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.querySelector("[data-theme-switch]")) return;
  event.preventDefault();
  const next = shown() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  body.set("theme", next);
  void fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
});
