'use strict';

const list = document.getElementById('list');

// Something is being read or written: replacing the list would take it away.
function busy() {
  return list.contains(document.activeElement) && document.activeElement.tagName === 'TEXTAREA'
    || list.querySelector('details[open]') !== null;
}

let stale = false;

async function load() {
  if (busy()) {
    stale = true;
    return;
  }
  stale = false;
  const res = await fetch('/dev/outbox/list');
  if (res.ok) {
    const next = new DOMParser().parseFromString(await res.text(), 'text/html');
    list.replaceChildren(...next.body.children);
  }
}

new EventSource('/dev/outbox/changes').addEventListener('message', load);
list.addEventListener('toggle', () => {
  if (stale) {
    load();
  }
}, true);
