// @ts-check
/* The service worker: keeps the shell (styles, scripts, icons) and the page for no connection,
   and nothing else, ever (P-61). Pages, answers and files of a person pass it by untouched. */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SHELL = 'shell';
const OFFLINE = '/offline/';
const STYLES = ['tokens', 'base', 'layout', 'components', 'fields', 'cards', 'lists'];

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      // Without cookies: the kept page is nobody's.
      .then(async (shell) => {
        const page = await fetch(OFFLINE, { credentials: 'omit', cache: 'no-store' });
        if (page.ok) await shell.put(OFFLINE, page);
        await shell.addAll(STYLES.map((name) => `/static/base/${name}.css`));
      })
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    event.respondWith(
      fetch(request).catch(async () => (await caches.match(OFFLINE)) ?? Response.error()),
    );
  } else if (address.pathname.startsWith('/static/') && !address.search) {
    event.respondWith(fresh(request));
  }
});

/** @param {Request} request The network's answer, kept; without a network the kept one. */
async function fresh(request) {
  const shell = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.status === 200) await shell.put(request, answer.clone());
    return answer;
  } catch {
    return (await shell.match(request)) ?? Response.error();
  }
}
