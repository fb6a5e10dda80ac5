import { timeZone } from './lib/locale.ts';
import './styles/base.css';
import './styles/controls.css';
import './styles/feedback.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/pages.css';
import './styles/ticket.css';
import './styles/commands.css';

// Without the dashboard itself there is still the page that stands in for it.
import('./app.tsx').catch(() => {
  const { pathname, search } = window.location;
  window.location.replace(`/away.html?back=${encodeURIComponent(pathname + search)}`);
});

// The browser takes long for the first thing of Intl: while the libraries come there is time for it.
timeZone();
