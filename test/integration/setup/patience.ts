// A busy machine is no failure; what hangs is. A test starts processes and databases of its own, beside another test file
// that does so too, on a machine of two slow cores perhaps: that takes ten times what it takes here.
import { jest } from '@jest/globals';

jest.setTimeout(300_000);
