// @ts-check
/* The clinician's page: own media at once, the pane of people, commands over the socket. */

import { Stage } from './stage.js';

const root = /** @type {HTMLElement | null} */ (document.querySelector('[data-room]'));
const pane = /** @type {HTMLElement | null} */ (document.querySelector('[data-people]'));

/** @param {string} selector */
const value = (selector) =>
  /** @type {HTMLInputElement | null} */ (document.querySelector(selector))?.value ?? '';

/** Whether somebody is typing in the pane: then it isn't replaced under their hands. */
const typing = () =>
  document.activeElement instanceof HTMLInputElement && !!pane?.contains(document.activeElement);

if (root && pane) {
  const stage = new Stage(root);
  let stale = false;
  let asked = 0;

  const refresh = async () => {
    if (typing()) {
      stale = true;
      return;
    }
    stale = false;
    const mine = (asked += 1);
    const answer = await fetch(pane.dataset.href ?? '', { cache: 'no-store' });
    if (!answer.ok || mine !== asked || typing()) return;
    const kept = pane.querySelector('details')?.open;
    const focus = document.activeElement?.getAttribute('data-do');
    const seat = document.activeElement?.getAttribute('data-seat');
    const made = new DOMParser().parseFromString(await answer.text(), 'text/html');
    pane.replaceChildren(...made.body.childNodes);
    // A window that is shown hides this pane: a call for help ends that first (P-80, P-81).
    if (pane.querySelector('[data-signal]') && stage.media?.own.shared.surface === 'window') {
      void stage.media.setSharing(false);
    }
    const details = pane.querySelector('details');
    if (details && kept) details.open = true;
    if (focus) {
      const again = pane.querySelector(`[data-do="${focus}"]${seat ? `[data-seat="${seat}"]` : ''}`);
      /** @type {HTMLElement | null} */ (again)?.focus();
    }
  };

  const empty = () => {
    if (stage.media) stage.show(stage.tiles.size ? '' : 'empty');
  };
  root.addEventListener('room:tiles', empty);

  stage.onRoom = (message) => {
    if (message.type === 'refused') {
      const line = pane.querySelector('[data-refused]');
      if (line) line.textContent = message.words;
      return;
    }
    if (message.state === 'over') {
      stage.stop();
      location.assign(root.dataset.after ?? '/staff/');
      return;
    }
    stage.start();
    if (!stage.since && Object.keys(message.people).length) stage.since = Date.now();
    void refresh();
  };

  stage.onEnd = (reason) => {
    stage.stop();
    stage.state('');
    if (reason === 'taken') stage.show('taken');
    else location.assign(root.dataset.after ?? '/staff/');
  };

  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-do]') : null;
    if (!(button instanceof HTMLElement)) return;
    const { do: type, seat = '', on } = button.dataset;
    const line = pane.querySelector('[data-refused]');
    if (line) line.textContent = '';
    /** @type {Record<string, unknown>} */
    const message = { type };
    if (seat) message.seat = seat;
    if (on !== undefined) message.on = on === '1';
    if (type === 'admit') message.number = value(`#number-${seat}`);
    if (type === 'log') message.words = value('[data-log]');
    button.blur();
    stage.wire.send(message);
    if (type === 'end') button.closest('dialog')?.close();
  });

  pane.addEventListener('focusout', () => {
    setTimeout(() => {
      if (stale && !typing()) void refresh();
    }, 50);
  });

  document.querySelector('[data-leave]')?.addEventListener('click', () => {
    stage.media?.own.stop();
    stage.wire.send({ type: 'leave' });
    stage.stop();
    stage.state('');
    stage.show('left');
  });

  const tabs = [...document.querySelectorAll('[role=tab]')];
  /** @param {Element} tab */
  const choose = (tab) => {
    for (const each of tabs) {
      const chosen = each === tab;
      each.setAttribute('aria-selected', String(chosen));
      each.setAttribute('tabindex', chosen ? '0' : '-1');
      const panel = document.getElementById(each.getAttribute('aria-controls') ?? '');
      if (panel) panel.hidden = !chosen;
    }
  };
  tabs.forEach((tab, number) => {
    tab.addEventListener('click', () => choose(tab));
    tab.addEventListener('keydown', (event) => {
      const key = /** @type {KeyboardEvent} */ (event).key;
      if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
      const next = tabs[(number + (key === 'ArrowRight' ? 1 : tabs.length - 1)) % tabs.length];
      choose(next);
      /** @type {HTMLElement} */ (next).focus();
    });
  });
}
