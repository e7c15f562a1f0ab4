import { DatabaseDamage } from './sqlite';

/** A catalog that cannot be used any more as it is. It is built anew at the next opening. */
export class CatalogDamage extends DatabaseDamage {
  override readonly name = 'CatalogDamage';
}
