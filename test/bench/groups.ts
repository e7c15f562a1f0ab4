import { diffFigures } from './diffFigures';
import { eventFigures } from './eventFigures';
import type { Group } from './figure';
import { hubFigures } from './hubFigures';
import { storeFigures } from './storeFigures';

/** Every figure there is, in the order of the report. */
export const groups: readonly Group[] = [storeFigures, eventFigures, hubFigures, diffFigures];
