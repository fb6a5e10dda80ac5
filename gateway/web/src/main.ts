import { askAhead } from './api/ahead.ts';
import { pageAt } from './pages.ts';
import './styles/base.css';
import './styles/controls.css';
import './styles/feedback.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/pages.css';
import './styles/ticket.css';
import './styles/commands.css';

// This runs before the libraries are there, which take the longest: meanwhile the first page and the first answers come.
const { pathname } = window.location;
askAhead(pathname === '/login' ? ['/v1/site'] : ['/v1/site', '/v1/me']);
// What does not come is asked for again by the router, which can say so.
pageAt(pathname)?.().catch(() => undefined);

import('./app.tsx');
