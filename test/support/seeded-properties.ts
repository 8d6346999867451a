// A setup file of Jest, so that no property can forget it: fast-check takes a fresh seed at every run by itself.
import fc from 'fast-check';
import { runs, SEED } from './seed.js';

fc.configureGlobal({ seed: SEED, numRuns: runs(100) });
