import { jest } from '@jest/globals';
import { PATIENCE_MS } from '../support/patience.js';

// Several things may take their time in one test. What never comes is named by the wait for it, not by this.
jest.setTimeout(5 * PATIENCE_MS);
