import { readFileSync } from 'node:fs';
import stripJsonComments from 'strip-json-comments';
import { settings } from '../../ids';

/**
 * The settings of Obby in the settings files of a user, the later ones first to be asked. Settings of workspaces are not
 * read: what is in a folder must not decide where its history is. Files that cannot be read count as empty.
 */
export function readUserSettings(files: readonly string[]): (key: string) => unknown {
  const values = files.map(valuesIn).reverse();
  return (key) => {
    const name = `${settings.section}.${key}`;
    return values.find((each) => each[name] !== undefined)?.[name];
  };
}

function valuesIn(file: string): Readonly<Record<string, unknown>> {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
    const value: unknown = JSON.parse(stripJsonComments(text, { trailingCommas: true }));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
