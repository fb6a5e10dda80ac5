'use strict';

const list = document.getElementById('list');

// Something is being read or written: replacing the list would take it away.
function busy() {
  return list.contains(document.activeElement) && document.activeElement.tagName === 'TEXTAREA'
    || list.querySelector('details[open]') !== null;
}

let stale = false;
let asked = 0;

async function load() {
  if (busy()) {
    stale = true;
    return;
  }
  stale = false;
  const turn = ++asked; // an answer that a later one has overtaken is an older list
  const res = await fetch('/dev/outbox/list');
  const text = await res.text();
  if (res.ok && turn === asked) {
    const next = new DOMParser().parseFromString(text, 'text/html');
    list.replaceChildren(...next.body.children);
  }
}

new EventSource('/dev/outbox/changes').addEventListener('message', load);
list.addEventListener('toggle', () => {
  if (stale) {
    load();
  }
}, true);
