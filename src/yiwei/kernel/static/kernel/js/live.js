// The bell knows at once. One tab of a browser holds the stream and tells the others; without a stream it asks once a minute.
(() => {
  const bell = document.querySelector("[data-live]");
  if (!bell) return;
  const { toast } = window.yiwei, address = bell.dataset.live;
  const name = `yiwei-live-${bell.dataset.member}`;
  const others = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  let asked = 0;

  const look = async say => {
    const turn = ++asked;
    const answer = await fetch(bell.dataset.count, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    const known = Number(bell.dataset.newest), { unread, newest, text } = await answer.json();
    bell.textContent = unread > 99 ? "99+" : unread || "";
    bell.dataset.newest = newest;
    if (say && newest > known && text) toast(text, "info");
  };
  const news = () => { look(document.visibilityState === "visible"); };
  others?.addEventListener("message", news);
  const every = seconds => setInterval(() => { if (document.visibilityState === "visible") look(false); }, seconds * 1000);
  every(address ? 300 : 60);

  const hold = () => new Promise(done => {
    const stream = new EventSource(address);
    stream.onmessage = () => { news(); others?.postMessage("news"); };
    stream.onerror = () => { if (stream.readyState === EventSource.CLOSED) done(every(60)); };
  });
  if (address && "EventSource" in window) {
    if (navigator.locks) navigator.locks.request(name, hold);
    else hold();
  }
})();
