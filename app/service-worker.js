// Keeps one whole build of the application on the device, so that it opens without a network.
//
// `cargo xtask dist` fills in the build and the SHA-256 of each of its files. What the API and the
// synchronisation say never passes through here.

const BUILD = "{{build}}";
const FILES = {{files}};

const OURS = "focaliza-";
const CACHE = OURS + BUILD;
const PAGE = "/";

self.addEventListener("install", (event) => event.waitUntil(fetchBuild()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", ({ data }) => {
  if (data === "activate") {
    self.skipWaiting();
  }
});
self.addEventListener("fetch", (event) => {
  const address = addressOf(event.request);
  if (address) {
    event.respondWith(answer(event, address));
  }
});

// One after the other, so that a bad link is left to the person; what an interrupted attempt
// fetched is still there for the next one.
async function fetchBuild() {
  const cache = await caches.open(CACHE);
  for (const [address, digest] of Object.entries(FILES)) {
    if (await cache.match(address)) {
      continue;
    }
    const known = address === PAGE ? undefined : await caches.match(address);
    const response = known ?? (await fetch(address, { cache: "no-cache" }));
    const bytes = await response.clone().arrayBuffer();
    // A captive portal answers everything, and the server may have got a newer build meanwhile.
    if (!response.ok || (await sha256(bytes)) !== digest) {
      throw new Error(`${address} is not of build ${BUILD}`);
    }
    await cache.put(address, response);
  }
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Tabs that are still open with the build before go on with it, and fetch parts of it.
async function tidy() {
  const builds = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  // Oldest first, as they were made.
  await Promise.all(builds.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// What a request asks of the build; nothing where it is none of its business.
function addressOf({ method, mode, url }) {
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin || pathname.startsWith("/api/")) {
    return undefined;
  }
  // As the server has it: addresses without a dot are pages of the application.
  const isPage = mode === "navigate" && !pathname.split("/").at(-1).includes(".");
  if (isPage) {
    return PAGE;
  }
  return pathname in FILES || pathname.startsWith("/assets/") ? pathname : undefined;
}

async function answer(event, address) {
  if (address === PAGE && (await isReplaced())) {
    return new Response("", { headers: { Refresh: "0" } });
  }
  try {
    if (address === PAGE && !(await isWhole())) {
      // A page whose parts are gone would not start: the server has all of them. By the next start
      // they are here again.
      event.waitUntil(fetchBuild().catch((error) => console.warn("not whole yet", error)));
      return await fetch(event.request);
    }
  } catch {
    // Without a network, what is left is more than nothing.
  }
  try {
    const kept = (await (await caches.open(CACHE)).match(address)) ?? (await caches.match(address));
    if (kept) {
      return kept;
    }
  } catch (error) {
    console.warn("the kept build cannot be read", error);
  }
  return fetch(event.request);
}

async function isWhole() {
  const kept = await (await caches.open(CACHE)).keys();
  return kept.length >= Object.keys(FILES).length;
}

// A start of the application, with no other tab of it open, is when a newer build takes over.
let hasMadeWay = false;
async function isReplaced() {
  const { waiting } = self.registration;
  if (!waiting || hasMadeWay || (await self.clients.matchAll()).length > 1) {
    return false;
  }
  hasMadeWay = true;
  waiting.postMessage("activate");
  return true;
}
