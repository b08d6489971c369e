// @ts-check
/* <filter-table for="id">: rows narrow as one types; the words stay in the address. */

class FilterTable extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    if (!input) return;
    const name = input.dataset.name || "q";
    // A name typed here may be a client's: staff tables of people set data-private.
    const keep = !this.hasAttribute("data-private");
    if (keep) input.value = new URLSearchParams(location.search).get(name) ?? input.value;
    input.addEventListener("input", () => {
      this.narrow(input.value);
      if (!keep) return;
      const query = new URLSearchParams(location.search);
      if (input.value) query.set(name, input.value);
      else query.delete(name);
      const tail = query.toString();
      history.replaceState(history.state, "", location.pathname + (tail ? `?${tail}` : ""));
    });
    if (input.value) this.narrow(input.value);
  }

  /** @param {string} words */
  narrow(words) {
    const table = document.getElementById(this.getAttribute("for") ?? "");
    if (!table) return;
    const parts = plain(words).split(/\s+/).filter(Boolean);
    let shown = 0;
    const rows = table.querySelectorAll("tbody > tr");
    for (const row of rows) {
      const text = plain(row.textContent ?? "");
      const fits = parts.every((part) => text.includes(part));
      if (row instanceof HTMLElement) row.hidden = !fits;
      if (fits) shown += 1;
    }
    const said = this.querySelector("output");
    if (said) said.textContent = parts.length ? `${shown} / ${rows.length}` : "";
  }
}

/** Lower case without accents. @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

customElements.define("filter-table", FilterTable);
