// @ts-check
/* The silent taps: sent, and the page stays exactly as it is (P-78). */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-taps]'));

form?.addEventListener('submit', (event) => {
  const button = /** @type {SubmitEvent} */ (event).submitter;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  const body = new FormData(form);
  body.set('tap', button.value);
  button.blur();
  void fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' }, keepalive: true });
});
