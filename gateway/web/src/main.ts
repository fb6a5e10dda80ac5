import { start } from './app.tsx';
import './styles/base.css';
import './styles/controls.css';
import './styles/feedback.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/pages.css';
import './styles/ticket.css';
import './styles/commands.css';

Error.stackTraceLimit = 10; // as it was before public/early.js
start();
