import { pageAt } from './pages.ts';
import './styles/base.css';
import './styles/controls.css';
import './styles/feedback.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/pages.css';
import './styles/ticket.css';
import './styles/commands.css';

// This runs before the libraries are there, which take the longest: meanwhile the first page comes. What does not come is
// asked for again by the router, which can say so.
pageAt(window.location.pathname)?.().catch(() => undefined);

// Without the dashboard itself there is still the page that stands in for it.
import('./app.tsx').catch(() => {
  const { pathname, search } = window.location;
  window.location.replace(`/away.html?back=${encodeURIComponent(pathname + search)}`);
});
