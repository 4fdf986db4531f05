// A booking calendar in anybody's page, by one line where it shall stand:
//   <script async src="https://HOST/embed.js" data-tour="slug" data-colour="b5482f" data-language="vi"></script>
// data-workshop, data-coop or data-village instead of data-tour shows all tours. data-button (with words
// of its own, if it has any) puts a button there that opens the calendar. data-background is light, dark
// or auto; data-corners is round or square. Nothing is loaded from elsewhere, and no cookie is set.
(() => {
  const line = document.currentScript;
  if (!line) return;
  // The server writes the words of all languages here.
  const WORDS = {};
  const KINDS = { tour: "tours", workshop: "workshops", coop: "coops", village: "villages" };
  const data = line.dataset;
  const home = new URL(line.src).origin;
  const kind = Object.keys(KINDS).find((each) => data[each]);
  if (!kind) return;

  // The language of the line, else of the page around it, else the first there is.
  const around = line.closest("[lang]");
  const wishes = [data.language, around && around.lang].map((text) => (text || "").slice(0, 2).toLowerCase());
  const language = wishes.find((wish) => Object.hasOwn(WORDS, wish)) || Object.keys(WORDS)[0];
  const words = WORDS[language];

  const address = new URL(`/${language}/embed/${KINDS[kind]}/${encodeURIComponent(data[kind])}`, home);
  for (const name of ["colour", "background", "corners"]) {
    if (data[name]) address.searchParams.set(name, data[name].replace("#", ""));
  }

  let frame = null;
  let dialog = null;

  function calendar() {
    frame = document.createElement("iframe");
    frame.src = address.href;
    frame.title = words.title;
    frame.loading = "lazy";
    // By script, so that a page which forbids style attributes takes it too.
    Object.assign(frame.style, { display: "block", width: "100%", height: "45rem", border: "0" });
    return frame;
  }

  // Only what our own frame says from our own site is listened to.
  addEventListener("message", (event) => {
    if (!frame || event.origin !== home || event.source !== frame.contentWindow) return;
    const told = event.data && event.data.langnghe;
    if (!told) return;
    if (Number.isFinite(told.height)) frame.style.height = `${Math.min(Math.max(told.height, 80), 9000)}px`;
    if (told.escape && dialog) dialog.close();
  });

  if (!("button" in data)) {
    line.replaceWith(calendar());
    return;
  }

  // In a shadow, so that the styles of the page and of the button leave each other alone.
  const place = document.createElement("span");
  const root = place.attachShadow({ mode: "open" });
  const scheme = { light: "light", dark: "dark" }[data.background] || "light dark";
  const corner = data.corners === "square" ? "0" : "999px";
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { color-scheme: ${scheme}; }
    button { font: inherit; cursor: pointer; }
    .open {
      min-height: 2.75rem; padding: 0.55rem 1.3rem; border: 0; border-radius: ${corner};
      background: var(--fill, #27457f); color: var(--fill-ink, #fff); font-weight: 600; line-height: 1.3;
    }
    .open:hover { background: var(--fill-strong, #1b3263); }
    button:focus-visible { outline: 3px solid light-dark(#1d5fd1, #ffd27a); outline-offset: 2px; }
    dialog {
      width: min(100% - 1rem, 34rem); max-height: calc(100dvh - 1rem); margin: auto; padding: 0; overflow: auto;
      border: 1px solid light-dark(#8c826f, #7d869c); border-radius: ${corner === "0" ? "0" : "1rem"};
      background: light-dark(#fffdf9, #1b1f2a); color: light-dark(#23262f, #efe9dd);
    }
    dialog::backdrop { background: rgb(10 12 20 / 0.5); }
    .close {
      display: block; min-height: 2.75rem; margin-inline-start: auto; padding: 0 1rem; border: 0;
      background: none; color: inherit; font-weight: 600;
    }`);
  root.adoptedStyleSheets = [style];

  const open = document.createElement("button");
  open.type = "button";
  open.className = "open";
  open.textContent = data.button || words.book;
  open.setAttribute("aria-haspopup", "dialog");
  root.append(open);

  // Which words read on the colour is reckoned by the site, as for the calendar itself.
  if (address.searchParams.has("colour")) {
    const colour = document.createElement("link");
    colour.rel = "stylesheet";
    colour.href = `${home}/embed/look.css?colour=${encodeURIComponent(address.searchParams.get("colour"))}`;
    open.style.visibility = "hidden";
    colour.onload = colour.onerror = () => (open.style.visibility = "");
    root.prepend(colour);
  }

  open.addEventListener("click", () => {
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.setAttribute("aria-label", words.title);
      const close = document.createElement("button");
      close.type = "button";
      close.className = "close";
      close.textContent = words.close;
      close.addEventListener("click", () => dialog.close());
      // Beside the dialog is its backdrop.
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
      dialog.addEventListener("close", () => open.focus());
      dialog.append(close, calendar());
      root.append(dialog);
    }
    dialog.showModal();
  });
  line.replaceWith(place);
})();
