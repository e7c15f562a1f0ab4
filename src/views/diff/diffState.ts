import * as l10n from '@vscode/l10n';
import { plural } from '../../base/plural';
import { encodingName } from '../../diff/encodings';
import type { LineEnding } from '../../diff/lines';
import type { ComparedContent, ContentComparison } from '../../model/diff';
import type { Version } from '../../api/api';
import type { Body, DiffState, Layout, SavedSide, SideView, TimeWords } from '../../webview/protocol';
import type { Comparison, Side } from './comparison';
import type { VersionText } from '../text/versionText';
import { versionIcon } from '../text/versionText';

/** Facts from the editor and the settings of the compared file. */
export interface EditorFacts {
  /** For people. */
  readonly path: string;
  readonly tabSize: number;
  readonly lineHeight: number;
  /** The editor holds text that is not saved. */
  readonly isUnsaved: boolean;
}

/** A longer text is not sent to the webview, which would be busy for too long. */
const maxTextLength = 10_000_000;

/** Computes the state that the diff panel shows, with all its texts. */
export class DiffStates {
  constructor(
    private readonly text: VersionText,
    private readonly labelsOf: (comparison: Comparison) => readonly [left: string, right: string],
    private readonly locale: string,
  ) {}

  /** The whole state of a panel; `loaded` is absent until both sides are read. */
  state(
    comparison: Comparison,
    layout: Layout,
    editor: EditorFacts,
    content: { readonly body: Body; readonly loaded?: ContentComparison },
  ): DiffState {
    const { left, right } = comparison;
    const [leftLabel, rightLabel] = this.labelsOf(comparison);
    return {
      path: editor.path,
      left: { label: leftLabel, ...this.side(left, editor, content.loaded?.left) },
      right: { label: rightLabel, ...this.side(right, editor, content.loaded?.right) },
      canRestore: left.kind === 'version',
      layout,
      tabSize: editor.tabSize,
      lineHeight: editor.lineHeight,
      locale: this.locale,
      saved: { left: savedSide(left), right: savedSide(right) },
      body: content.body,
    };
  }

  /** The present texts of a side's time. */
  timeOf(side: Side): TimeWords | undefined {
    if (side.kind !== 'version') return undefined;
    const { time } = this.text;
    return { full: time.full(side.version.time), ago: time.ago(side.version.time) };
  }

  private side(side: Side, editor: EditorFacts, loaded: ComparedContent | undefined): Omit<SideView, 'label'> {
    const time = this.timeOf(side);
    const cause = side.kind === 'version' ? this.causeOf(side.version) : this.editorCause(side, editor);
    const size = loaded && side.kind !== 'nothing' ? this.text.time.size(loaded.size) : undefined;
    return {
      ...(time && { time }),
      ...(cause && { cause }),
      ...(size !== undefined && { size }),
      ...(loaded?.sha256 !== undefined && { sha256: loaded.sha256 }),
    };
  }

  private causeOf(version: Version): SideView['cause'] {
    const { icon } = versionIcon({ ...version, pinned: false });
    return { icon, words: this.text.cause(version), sentence: this.text.causeSentence(version) };
  }

  private editorCause(side: Side, editor: EditorFacts): SideView['cause'] {
    if (side.kind !== 'file' || !editor.isUnsaved) return undefined;
    const sentence = l10n.t('The editor has unsaved text');
    return { icon: 'circle-filled', words: l10n.t('unsaved'), sentence };
  }
}

export function bodyOf({ left, right, diff }: ContentComparison): Body {
  if (diff.identical) return { kind: 'identical' };
  if (diff.binary) return { kind: 'binary' };
  const isLong = left.text.length > maxTextLength || right.text.length > maxTextLength;
  if (diff.tooLarge || isLong) return { kind: 'tooLarge' };
  const { changes, added, removed } = diff;
  const only = diff.eolOnly ? 'line endings' : diff.encodingOnly ? 'encoding' : undefined;
  const notes = notesOf({ left, right, diff });
  return {
    ...{ kind: 'text', left: left.text, right: right.text, changes, added, removed },
    ...(only && { only }),
    ...(notes.length > 0 && { notes }),
  };
}

/** What differs beside the lines. */
function notesOf({ left, right, diff }: ContentComparison): string[] {
  const notes: string[] = [];
  const [before, after] = [left.lineEnding, right.lineEnding];
  if (before && after && before !== after) {
    notes.push(l10n.t('Line endings: {0} → {1}', lineEndingName(before), lineEndingName(after)));
  } else if (diff.eolChanged > 0) {
    const words = l10n.t('{0} unchanged lines end differently', diff.eolChanged);
    notes.push(plural(diff.eolChanged, l10n.t('1 unchanged line ends differently'), words));
  }
  if (left.encoding !== undefined && right.encoding !== undefined && left.encoding !== right.encoding) {
    notes.push(l10n.t('Encoding: {0} → {1}', encodingName(left.encoding), encodingName(right.encoding)));
  }
  return notes;
}

function lineEndingName(ending: LineEnding): string {
  return ending === 'mixed' ? l10n.t('mixed') : ending;
}

function savedSide(side: Side): SavedSide {
  return side.kind === 'version'
    ? { kind: 'version', id: side.version.id }
    : { kind: side.kind, uri: side.uri.toString() };
}
