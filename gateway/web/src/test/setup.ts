import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

// Before any text or date is made, which follow it.
localStorage.setItem('altis.locale', 'en-GB');

afterEach(cleanup);
