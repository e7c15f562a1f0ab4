import type { Uri } from 'vscode';
import type { Label, ChangeSet, Version, VersionId } from '../../api/api';

/** The rows of the history trees. Commands of their menus receive them. */
export interface VersionNode {
  readonly type: 'version';
  readonly version: Version;
  /** The present URI of the file; older versions may have another path. */
  readonly file: Uri;
  /** Shows seconds, since another version has the same minute. */
  readonly withSeconds: boolean;
}

export interface DayNode {
  readonly type: 'day';
  readonly key: string;
  readonly label: string;
  readonly children: readonly (VersionNode | LabelNode | MovedNode | FoldedNode)[];
}

/** The file came from another workspace folder, or went there, where the rest of its history is. */
export interface MovedNode {
  readonly type: 'moved';
  readonly version: VersionId;
  readonly way: 'from' | 'to';
  /** URI of the file there. */
  readonly other: string;
}

/** A labeled time of one or more workspace folders. */
export interface LabelNode {
  readonly type: 'label';
  readonly name: string;
  /** ms since the epoch. */
  readonly time: number;
  /** One for each folder, at least one. */
  readonly labels: readonly Label[];
}

/** Hidden versions that differ from the previous one only in line endings. */
export interface FoldedNode {
  readonly type: 'folded';
  readonly key: string;
  readonly count: number;
}

/** A change set of several files. */
export interface ChangeSetNode {
  readonly type: 'changeSet';
  readonly changeSet: ChangeSet;
}

/** A change set has more files than are listed. */
export interface MoreFilesNode {
  readonly type: 'moreFiles';
  readonly changeSet: ChangeSetNode;
  /** Versions that are not listed. */
  readonly rest: number;
  /** The maximum is listed. */
  readonly isFull: boolean;
}

/** A version in a list of several files. */
export interface FileNode {
  readonly type: 'version';
  readonly version: Version;
  readonly file?: undefined;
  /** The row is a child of its change set. */
  readonly inChangeSet: boolean;
}

/** Older versions exist. */
export interface MoreNode {
  readonly type: 'more';
  /** How many are listed. */
  readonly shown: number;
  /** The maximum is listed. */
  readonly isFull: boolean;
}

export type HistoryNode = DayNode | VersionNode | LabelNode | MovedNode | FoldedNode | MoreNode;
export type RecentNode = ChangeSetNode | FileNode | LabelNode | MoreFilesNode | MoreNode;

/** Checks the argument of a command. */
export function asVersionNode(value: unknown): VersionNode | FileNode | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<VersionNode>).type === 'version'
    ? (value as VersionNode | FileNode)
    : undefined;
}

export function asChangeSetNode(value: unknown): ChangeSetNode | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<ChangeSetNode>).type === 'changeSet'
    ? (value as ChangeSetNode)
    : undefined;
}

export function asLabelNode(value: unknown): LabelNode | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<LabelNode>).type === 'label'
    ? (value as LabelNode)
    : undefined;
}
