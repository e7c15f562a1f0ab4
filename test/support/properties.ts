import fc from 'fast-check';
import { seed } from './chance';

fc.configureGlobal({ seed });

/** fast-check, whose cases follow from the seed of the run. */
export default fc;
