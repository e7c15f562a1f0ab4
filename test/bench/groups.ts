import { burstFigures } from './burstFigures';
import { cliFigures } from './cliFigures';
import { diffFigures } from './diffFigures';
import { durableFigures } from './durableFigures';
import { eventFigures } from './eventFigures';
import type { Group } from './figure';
import { hostFigures } from './hostFigures';
import { hubFigures } from './hubFigures';
import { lineFigures } from './lineFigures';
import { quotaFigures } from './quotaFigures';
import { scaleFigures } from './scaleFigures';
import { scanFigures } from './scanFigures';
import { searchFigures } from './searchFigures';
import { storeFigures } from './storeFigures';

/** Every figure there is, in the order of the report. */
export const groups: readonly Group[] = [
  storeFigures,
  durableFigures,
  burstFigures,
  scaleFigures,
  searchFigures,
  lineFigures,
  quotaFigures,
  eventFigures,
  scanFigures,
  hubFigures,
  diffFigures,
  cliFigures,
  hostFigures,
];
