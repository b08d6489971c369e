// @ts-check
/* The place form: what belongs to "another" shows only when it is chosen. Without script all shows. */

const form = document.querySelector('form[data-place]');

/** @param {string} name @param {string} part */
const follow = (name, part) => {
  const fields = /** @type {HTMLElement | null} */ (form?.querySelector(part) ?? null);
  if (!form || !fields) return;
  const tell = () => {
    const chosen = /** @type {HTMLInputElement | null} */ (
      form.querySelector(`input[name="${name}"]:checked`)
    );
    // A known place may lack its state: what has an error stays in sight.
    const wrong = fields.querySelector('[aria-invalid="true"]') !== null;
    fields.hidden = chosen?.value !== '*' && !wrong;
  };
  form.addEventListener('change', tell);
  tell();
};

follow('place', '[data-new-place]');
follow('phone', '[data-new-phone]');
