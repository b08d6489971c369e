// @ts-check
/* A partner's page in the room: waits alone, is let in, keeps its place, leaves. */

import { Stage } from './stage.js';

const root = /** @type {HTMLElement | null} */ (document.querySelector('[data-room]'));

if (root) {
  const stage = new Stage(root);
  const own = root.dataset.own === '1';

  stage.onRoom = (message) => {
    if (message.type !== 'room') return;
    const { state } = message;
    if (state === 'in' || state === 'aside') {
      if (!stage.since) stage.since = Date.now();
      stage.show(state === 'aside' ? 'aside' : '');
      stage.start(own);
    } else if (state === 'waiting') {
      stage.rest();
      stage.show('wait');
      stage.state(root.dataset.wordsWaiting ?? '');
    } else {
      // Something to answer first, or words to read: the server says which.
      stage.stop();
      location.reload();
    }
  };

  stage.onEnd = (reason) => {
    stage.stop();
    stage.state('');
    stage.show(reason === 'taken' ? 'taken' : 'over');
  };

  document.querySelector('[data-leave]')?.addEventListener('click', () => {
    stage.media?.own.stop();
    stage.wire.send({ type: 'leave' });
    stage.stop();
    stage.state('');
    stage.show('left');
  });

  // Help: sent, and nothing here changes but the dialog that closes (P-80).
  for (const button of document.querySelectorAll('[data-help]')) {
    button.addEventListener('click', () => {
      stage.wire.send({ type: 'help', signal: /** @type {HTMLElement} */ (button).dataset.help });
      button.closest('dialog')?.close();
    });
  }
}
