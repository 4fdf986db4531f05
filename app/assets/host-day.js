// Check-in without a network: each tap is kept with its own instant and key until the server has it.
// The server takes a mark again without harm, so nothing is lost and nothing counts twice.
(() => {
  const bar = document.querySelector("[data-offline-bar]");
  const list = () => document.querySelector("[data-day]");
  if (!bar || !list()) return;
  const STORE = "langnghe-marks";
  const read = () => JSON.parse(localStorage.getItem(STORE) || "[]");
  const write = (marks) => localStorage.setItem(STORE, JSON.stringify(marks));
  const clock = (at) => new Date(at).toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" });
  let offlineSince = "offline" in document.documentElement.dataset ? list().dataset.made : null;
  let signedOut = false;
  let busy = false;

  function say() {
    const marks = read();
    const waiting = marks.filter((mark) => !mark.refused).length;
    const refused = marks.length - waiting;
    const words = [];
    if (offlineSince) words.push(bar.dataset.since.replace("{time}", clock(offlineSince)));
    if (signedOut) words.push(bar.dataset.signIn);
    if (waiting) words.push(bar.dataset.waiting.replace("{count}", waiting));
    if (refused) {
      const names = marks.filter((mark) => mark.refused).map((mark) => mark.code).join(", ");
      words.push(bar.dataset.refused.replace("{count}", refused) + " " + names);
    }
    bar.hidden = words.length === 0;
    bar.querySelector("span").textContent = words.join(" ");
  }

  // How a row looks as long as its mark waits.
  function show(mark) {
    const row = document.querySelector(`[data-code="${mark.code}"]`);
    if (!row) return;
    const act = new URLSearchParams(mark.body).get("act");
    const button = row.querySelector(".checkin");
    const states = { check_in: "arrived", no_show: "no-show" };
    if (states[act]) row.dataset.state = states[act];
    else delete row.dataset.state;
    button.setAttribute("aria-pressed", String(act === "check_in"));
    button.dataset.sync = "waiting";
    if (act === "check_in") button.querySelector("span").textContent = bar.dataset.arrived + ", " + bar.dataset.pending;
  }

  function showAll() {
    read().filter((mark) => !mark.refused).forEach(show);
    say();
  }

  async function send() {
    if (busy) return;
    busy = true;
    try {
      for (let mark = next(); mark; mark = next()) {
        const response = await fetch(mark.url, {
          method: "POST",
          body: mark.body,
          headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        signedOut = new URL(response.url).pathname.includes("/sign-in");
        if (signedOut || response.status >= 500 || response.status === 429) break;
        offlineSince = null;
        if (response.ok) drop(mark.key);
        else refuse(mark.key);
        if (response.ok && !next()) replace(await response.text());
      }
    } catch {
      offlineSince = offlineSince || new Date().toISOString();
    }
    busy = false;
    showAll();
  }

  const next = () => read().find((mark) => !mark.refused);
  const drop = (key) => write(read().filter((mark) => mark.key !== key));
  const refuse = (key) =>
    write(read().map((mark) => (mark.key === key ? { ...mark, refused: true } : mark)));

  // The server's page of the same day takes the place of ours.
  function replace(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-day]");
    const date = (day) => day.querySelector("h1 time").dateTime;
    if (fresh && date(fresh) === date(list())) list().replaceWith(document.adoptNode(fresh));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-checkin]");
    const row = form && form.closest("[data-code]");
    if (!row) return;
    event.preventDefault();
    const at = new Date().toISOString();
    const body = new URLSearchParams(new FormData(form));
    body.set("at", at);
    const key = crypto.randomUUID ? crypto.randomUUID() : at + Math.random();
    body.set("key", key);
    const mark = { key, at, code: row.dataset.code, url: form.action, body: body.toString() };
    write([...read(), mark]);
    show(mark);
    send();
  });

  // A refused mark has been read once its bar is tapped.
  bar.addEventListener("click", () => {
    write(read().filter((mark) => !mark.refused));
    say();
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", () => {
    offlineSince = offlineSince || new Date().toISOString();
    say();
  });
  document.addEventListener("visibilitychange", () => document.hidden || send());
  setInterval(() => next() && send(), 20000);
  showAll();
  send();

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/sw.js").then(async () => {
      if (offlineSince || !window.caches) return;
      // This very page and its files came before the worker: keep them now.
      const pages = await caches.open("host-pages-1");
      await pages.add(location.pathname + location.search).catch(() => {});
      const files = await caches.open("host-files-1");
      const names = performance.getEntriesByType("resource").map((entry) => entry.name);
      const ours = names.filter((name) => name.startsWith(location.origin + "/pkg/"));
      await Promise.all(ours.map((name) => files.add(name).catch(() => {})));
    });
  }
})();
