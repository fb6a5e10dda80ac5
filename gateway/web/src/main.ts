import { timeZone } from './lib/locale.ts';
import './styles/base.css';
import './styles/controls.css';
import './styles/feedback.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/pages.css';
import './styles/ticket.css';
import './styles/commands.css';

// React makes errors while it is read, and for their stacks V8 would read all of it once more.
const { stackTraceLimit } = Error;
Error.stackTraceLimit = 0;

import('./app.tsx').then(
  ({ start }) => {
    Error.stackTraceLimit = stackTraceLimit;
    start();
  },
  () => {
    // Without the dashboard itself there is still the page that stands in for it.
    const { pathname, search } = window.location;
    window.location.replace(`/away.html?back=${encodeURIComponent(pathname + search)}`);
  },
);

// The browser takes long for the first thing of Intl: while the libraries come there is time for it.
timeZone();
