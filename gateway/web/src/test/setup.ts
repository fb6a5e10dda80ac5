import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// Files of one thread share all of this, and the one before may have read another language.
document.body.replaceChildren();
localStorage.clear();
vi.resetModules();
// Before any text or date is made, which follow it.
localStorage.setItem('altis.locale', 'en-GB');

afterEach(cleanup);
