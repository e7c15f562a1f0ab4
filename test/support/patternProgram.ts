import { resolve } from 'node:path';

/** The built program that matches regular expressions. Tests run at the project's root. */
export const patternProgram = resolve('dist/matcher.js');
