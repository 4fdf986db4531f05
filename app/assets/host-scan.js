// The camera reads the code on a voucher where the browser can (BarcodeDetector); typing works everywhere.
(async () => {
  const box = document.querySelector("[data-scan]");
  const start = document.querySelector("[data-scan-start]");
  const form = document.querySelector("[data-scan-form]");
  if (!box || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return;
  start.hidden = false;
  start.querySelector("button").addEventListener("click", async () => {
    const video = box.querySelector("video");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      form.elements.code.focus();
      return;
    }
    start.hidden = true;
    box.hidden = false;
    video.srcObject = stream;
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const look = async () => {
      const found = await detector.detect(video).catch(() => []);
      if (found.length > 0) {
        stream.getTracks().forEach((track) => track.stop());
        if (navigator.vibrate) navigator.vibrate(80);
        form.elements.code.value = found[0].rawValue;
        form.requestSubmit();
      } else {
        setTimeout(look, 150);
      }
    };
    look();
  });
})();
