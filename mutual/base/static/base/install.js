// @ts-check
/* Registers the service worker, which keeps the shell alone (P-61). Without one all still works. */

if ('serviceWorker' in navigator) {
  navigator.serviceWorker.register('/sw.js', { scope: '/' }).catch(() => undefined);
}
