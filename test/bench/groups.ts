import { burstFigures } from './burstFigures';
import { diffFigures } from './diffFigures';
import { durableFigures } from './durableFigures';
import { eventFigures } from './eventFigures';
import type { Group } from './figure';
import { hostFigures } from './hostFigures';
import { hubFigures } from './hubFigures';
import { scanFigures } from './scanFigures';
import { storeFigures } from './storeFigures';

/** Every figure there is, in the order of the report. */
export const groups: readonly Group[] = [
  storeFigures,
  durableFigures,
  burstFigures,
  eventFigures,
  scanFigures,
  hubFigures,
  diffFigures,
  hostFigures,
];
