import type { ObbyApi } from '../../api/api';
import type { Engine } from '../../engine/engine';
import type { Sessions } from '../session/sessions';
import { aText } from './arguments';

/** The part of the public API for all histories in the storage location, also of folders that are not open. */
export function historiesApi(
  { historiesDir }: Pick<Sessions, 'historiesDir'>,
  engine: Engine,
): Pick<ObbyApi['history'], 'all'> & Pick<ObbyApi['act'], 'removeHistory'> {
  return {
    all: async () => engine.histories(historiesDir()),
    removeHistory: async (name) => engine.removeHistory(historiesDir(), aText('name', name)),
  };
}
