// Of the page that stands in for the dashboard: its language, the emergency address, and the way back.
function stored(key) {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return ''; // Storage is blocked: the browser's language, and no address.
  }
}

const wishes = [stored('altis.locale'), ...navigator.languages].map((tag) => tag.toLowerCase().split('-')[0]);
const language = wishes.find((tag) => tag === 'en' || tag === 'de') ?? 'en';
document.documentElement.lang = language;
const words = document.querySelector(`div[lang=${language}]`);
words.hidden = false;
document.title = `${words.querySelector('h1').textContent} · Altis`;
words.querySelector(navigator.onLine ? '.down' : '.offline').hidden = false;

const address = stored('altis.emergencyAddress');
if (address) {
  const link = document.createElement('a');
  link.href = `mailto:${address}`;
  link.textContent = address;
  words.querySelector('.address').append(link);
  words.querySelector('aside').hidden = false;
}

/**
 * Where the page that named itself is. Only on this site, as the browser reads the address and not as it looks: tabs and
 * line breaks in it are left out.
 */
function wayBack() {
  const back = new URLSearchParams(location.search).get('back') ?? '';
  try {
    const way = new URL(back, location.origin);
    if (back.startsWith('/') && way.origin === location.origin) return way.href;
  } catch {
    // It is no address at all.
  }
  return '/';
}

/** Loads the dashboard: in the place of which this page is shown, or which named itself when it could not come. */
function goBack() {
  if (location.pathname !== '/away.html') location.reload();
  else location.replace(wayBack());
}

words.querySelector('button').addEventListener('click', goBack);

// Back as soon as the dashboard is: a network that has just come is seldom there for the first request.
const askEvery = 5_000 + Math.random() * 5_000; // not all who wait at the same moment

async function comeBack() {
  const answer = await fetch('/v1/site', { cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok) goBack();
}

addEventListener('online', comeBack);
setInterval(() => document.visibilityState === 'visible' && comeBack(), askEvery);
