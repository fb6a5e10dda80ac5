// What the page does while its files come. Without them there is still the page that stands in for it.
addEventListener(
  'error',
  ({ target }) => {
    if (target !== window && !(target instanceof HTMLScriptElement)) return;
    if (document.getElementById('root')?.hasChildNodes()) return;
    location.replace(`/away.html?back=${encodeURIComponent(location.pathname + location.search)}`);
  },
  true,
);

// What the server has had the browser ask for is read as it comes: the browser waits for its files, and has time.
const early = new Map();
const asked = new PerformanceObserver((list) => {
  for (const { name } of list.getEntries()) {
    if (name.startsWith(`${location.origin}/v1/`) && !early.has(name)) {
      const answer = fetch(name).then(async (response) => new Response(await response.text(), response));
      answer.catch(() => undefined); // whoever takes it hears of it; nobody has to
      early.set(name, answer);
    }
  }
});
asked.observe({ type: 'resource', buffered: true });
// For src/api/client.ts, once.
window.takeEarly = () => {
  asked.disconnect();
  return early;
};

// React makes errors while it is read, and for their stacks V8 would read all of it once more. main.ts ends this.
Error.stackTraceLimit = 0;

// The browser takes long for the first thing of Intl, and has nothing else to do yet.
Intl.DateTimeFormat();
