import type { Disaster } from './disaster';
import { editorDisasters } from './editorDisasters';
import { gitDisasters } from './gitDisasters';
import { shellDisasters } from './shellDisasters';

export const disasters: readonly Disaster[] = [...gitDisasters, ...shellDisasters, ...editorDisasters];
