// Goes on when the applications' frames have loaded, or after five seconds.
const link = document.getElementById("continue");
if (link) {
  const go = () => location.replace(link.href);
  const frames = [...document.querySelectorAll("iframe")];
  const loaded = frames.map((frame) => new Promise((done) => frame.addEventListener("load", done)));
  Promise.all(loaded).then(go);
  setTimeout(go, 5000);
}
