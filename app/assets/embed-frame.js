// Inside the frame: tells the page around it how high the calendar is, and that Escape was pressed, for a
// dialog does not hear the keys of a frame. Neither is a secret, so any page may hear it.
(() => {
  if (window.parent === window) return;
  const tell = (langnghe) => window.parent.postMessage({ langnghe }, "*");
  const root = document.documentElement;
  const height = () => tell({ height: Math.ceil(root.getBoundingClientRect().height) });
  new ResizeObserver(height).observe(root);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) tell({ escape: true });
  });
})();
