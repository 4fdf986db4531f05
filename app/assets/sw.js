// Keeps the host's day list at hand when the network is gone. Everything else goes to the network.
const PAGES = "host-pages-1";
const FILES = "host-files-1";
const DAY = /^\/(vi|en|ko|zh|ja|fr)\/host\/[^/]+\/?$/;
const SLOW = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  const keep = [PAGES, FILES];
  const clean = caches
    .keys()
    .then((names) => Promise.all(names.filter((n) => !keep.includes(n)).map((n) => caches.delete(n))));
  event.waitUntil(clean.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname.includes("/sign-out")) {
    // The next person at this phone sees nobody's guests.
    event.waitUntil(caches.delete(PAGES));
    return;
  }
  if (request.method !== "GET") return;
  if (DAY.test(url.pathname)) event.respondWith(day(event, url));
  else if (url.pathname.startsWith("/pkg/")) event.respondWith(file(request));
});

// From the network, and kept; from what was kept when there is no network.
async function day(event, url) {
  const cache = await caches.open(PAGES);
  const key = url.pathname + url.search;
  try {
    const response = await Promise.race([fetch(event.request), late()]);
    if (response.ok && !response.redirected) event.waitUntil(cache.put(key, response.clone()));
    // Signed out, or no longer on the team: what was kept is no longer theirs to see.
    else if (response.redirected || response.type === "opaqueredirect" || response.status === 404)
      event.waitUntil(cache.delete(key));
    return response;
  } catch {
    const kept = await cache.match(key);
    if (!kept) return Response.error();
    const html = (await kept.text()).replace("<html ", "<html data-offline ");
    return new Response(html, { headers: kept.headers });
  }
}

function late() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), SLOW));
}

async function file(request) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(request);
  const fresh = fetch(request).then((response) => {
    if (response.ok) cache.put(request, response.clone());
    return response;
  });
  if (!kept) return fresh;
  fresh.catch(() => {});
  return kept;
}
