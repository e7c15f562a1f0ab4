import type { Uri } from 'vscode';
import type { Label, ChangeSet, Version, VersionId } from '../../api/api';

/** The rows of the history trees. Commands in their menus receive them. */
export interface VersionNode {
  readonly type: 'version';
  readonly version: Version;
  /** Where the file is now: after a rename its older versions have another path. */
  readonly file: Uri;
  /** The time needs its seconds, since a neighbour shares its minute. */
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

/** A named moment, of one workspace folder or several. */
export interface LabelNode {
  readonly type: 'label';
  readonly name: string;
  /** ms since the epoch. */
  readonly time: number;
  /** One a folder, at least one. */
  readonly labels: readonly Label[];
}

/** Versions that differ from the one before only in line endings, folded away. */
export interface FoldedNode {
  readonly type: 'folded';
  readonly key: string;
  readonly count: number;
}

/** Several files that changed in one event. */
export interface ChangeSetNode {
  readonly type: 'changeSet';
  readonly changeSet: ChangeSet;
}

/** More files changed in an event than are listed. */
export interface MoreFilesNode {
  readonly type: 'moreFiles';
  readonly changeSet: ChangeSetNode;
  /** Versions that are not listed. */
  readonly rest: number;
  /** So many are listed that no more can be. */
  readonly isFull: boolean;
}

/** A version in a list of many files. */
export interface FileNode {
  readonly type: 'version';
  readonly version: Version;
  readonly file?: undefined;
  /** The row stands below its moment. */
  readonly inChangeSet: boolean;
}

/** Older versions exist. */
export interface MoreNode {
  readonly type: 'more';
  /** How many are listed. */
  readonly shown: number;
  /** So many are listed that no more can be. */
  readonly isFull: boolean;
}

export type HistoryNode = DayNode | VersionNode | LabelNode | MovedNode | FoldedNode | MoreNode;
export type RecentNode = ChangeSetNode | FileNode | LabelNode | MoreFilesNode | MoreNode;

/** The row of a version that a command received, if that is what it received. */
export function asVersionNode(value: unknown): VersionNode | FileNode | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<VersionNode>).type === 'version'
    ? (value as VersionNode | FileNode)
    : undefined;
}

/** The event of a row that a command received, if that is what it received. */
export function asChangeSetNode(value: unknown): ChangeSetNode | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<ChangeSetNode>).type === 'changeSet'
    ? (value as ChangeSetNode)
    : undefined;
}

/** The row of a label that a command received, if that is what it received. */
export function asLabelNode(value: unknown): LabelNode | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<LabelNode>).type === 'label'
    ? (value as LabelNode)
    : undefined;
}
