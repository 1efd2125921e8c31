/** Keeps the page itself, so that a reload without the server still opens the kiosk. */

/* global VERSION, FILES */
const NAME = `lvz-kiosk-${VERSION}`;

addEventListener("install", (event) => {
  const requests = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(requests)));
  self.skipWaiting();
});

addEventListener("activate", (event) => {
  event.waitUntil(discardOld().then(() => self.clients.claim()));
});

async function discardOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("lvz-kiosk-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const inScope = request.url.startsWith(self.registration.scope);
  if (request.method === "GET" && inScope) event.respondWith(answer(request));
});

async function answer(request) {
  const cache = await caches.open(NAME);
  const wanted = request.mode === "navigate" ? "./" : request;
  return (await cache.match(wanted, { ignoreSearch: true })) ?? fetch(request);
}
