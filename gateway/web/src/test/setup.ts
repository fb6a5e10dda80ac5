import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

localStorage.clear(); // files of one thread share it
// Before any text or date is made, which follow it.
localStorage.setItem('altis.locale', 'en-GB');

afterEach(cleanup);
