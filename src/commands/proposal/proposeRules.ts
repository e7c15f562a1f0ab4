import * as l10n from '@vscode/l10n';
import type { Clock } from '../../base/clock';
import { ObbyError } from '../../base/errors';
import { ignoreFile, Rules, watchFile } from '../../rules/rules';
import { patternOfPath } from './gitignoreLines';
import { ignoreText, watchText } from '../watching/rulesTemplate';
import { Deadline } from './deadline';
import { surveyFolder, type Survey } from './folderSurvey';
import { ignoresWith, proposeIgnore, type IgnoreProposal } from './ignoreProposal';
import { previewOf, type PreviewFacts } from './preview';
import type { Repository, TreeReader } from './treeReader';

export interface ProposalRequest {
  readonly reader: TreeReader;
  /** Undefined: the workspace folder is in none. */
  readonly repository: Repository | undefined;
  /** The texts of the root rule files; undefined: there is no such file. */
  readonly existing: { readonly watch: string | undefined; readonly ignore: string | undefined };
  /** The subfolder to watch; undefined: the whole workspace folder. */
  readonly wanted: string | undefined;
  readonly isReserved: (folder: string) => Promise<boolean>;
  readonly maxFileBytes: number;
  readonly clock: Pick<Clock, 'after'>;
  readonly onCancel: (callback: () => void) => void;
}

/** Rules for a workspace folder, and what they would watch. */
export interface RulesProposal {
  /** To add to `.obbywatch`. */
  readonly patterns: readonly string[];
  /** To add to `.obbyignore`. */
  readonly sections: IgnoreProposal['sections'];
  /** The whole files with what is added. */
  readonly texts: { readonly watch: string; readonly ignore: string };
  /** What these texts watch. */
  readonly facts: PreviewFacts;
}

const maxSurveyMs = 10_000;
const maxPreviewMs = 10_000;

/** Proposes rules for a workspace folder. Nothing is written. */
export async function proposeRules(request: ProposalRequest): Promise<RulesProposal> {
  const { existing, repository, wanted, maxFileBytes, reader } = request;
  // With existing rules, what to ignore is already decided.
  const proposesIgnores = new Rules({ watch: existing.watch, ignores: [] }).isEmpty;
  const survey = await withDeadline(request, maxSurveyMs, (deadline) =>
    surveyFolder({
      reader,
      fromAbove: repository ? repository.linesFromAbove : [],
      existing: existing.ignore ?? '',
      proposesIgnores,
      isReserved: request.isReserved,
      deadline,
    }),
  );
  const ignore = survey && (proposesIgnores ? proposeIgnore(survey.ignoreInput) : { sections: [], unusable: [] });
  if (!ignore)
    throw new ObbyError(
      'tooLarge',
      l10n.t('{0} has too many rules for more to be added. Shorten it first.', ignoreFile),
    );
  const ignores = ignoresWith(survey.ignoreInput, ignore.sections);
  const { patterns, leftOut } = wanted === undefined ? proposeAll(survey, request, ignores) : only(wanted);
  const { unusable, sections } = ignore;
  const texts = { watch: watchText(existing.watch, patterns), ignore: ignoreText(existing.ignore, sections) };
  const { files, cut, reserved, ignoreInput } = survey;
  const sources = { watch: texts.watch, ignores: [{ dir: '', text: texts.ignore }, ...ignoreInput.nested], reserved };
  const preview = await withDeadline(request, maxPreviewMs, (deadline) =>
    previewOf({ files, sources, within: wanted ?? '', maxFileBytes, reader, deadline }),
  );
  const ignored = [...survey.leftOut, ...ignoreInput.caches];
  const facts = { preview, cut, leftOut: ignored, unlisted: leftOut, unusable, maxFileBytes };
  return { patterns, sections, texts, facts };
}

function proposeAll(survey: Survey, { repository }: ProposalRequest, ignores: IgnoreSources): WatchProposal {
  const rules = new Rules({ watch: '*', ignores });
  const isProposed = (path: string): boolean =>
    !path.includes('/') && path !== watchFile && path !== ignoreFile && rules.isWatched(path);
  return proposeWatch({
    folders: survey.topFolders.filter((folder) => rules.mayContainWatched(folder)),
    files: survey.files.filter(isProposed),
    isRepository: repository !== undefined,
  });
}

type IgnoreSources = ReturnType<typeof ignoresWith>;

function only(folder: string): WatchProposal {
  const pattern = patternOfPath(folder, true);
  if (pattern === undefined)
    throw new ObbyError('badArgument', l10n.t('No pattern can match {0}. Add its folder instead.', folder));
  return { patterns: [pattern], leftOut: [] };
}

async function withDeadline<T>(
  { clock, onCancel }: ProposalRequest,
  ms: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(clock, ms);
  onCancel(() => deadline.finish());
  try {
    return await work(deadline);
  } finally {
    deadline.finish();
  }
}

/** The top-level entries of a workspace folder that are not ignored. */
export interface TopLevel {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  readonly isRepository: boolean;
}

/** What to add to an `.obbywatch`. */
export interface WatchProposal {
  readonly patterns: readonly string[];
  /** Names that no pattern lists. */
  readonly leftOut: readonly string[];
}

/** A longer list is unreadable. */
export const maxPatterns = 200;

/**
 * Proposes to watch all top-level folders, and top-level files by extension; in an empty folder, everything. Outside a
 * repository, hidden folders are left out, since programs keep data and passwords there.
 */
export function proposeWatch({ folders, files, isRepository }: TopLevel): WatchProposal {
  const isHidden = (name: string): boolean => !isRepository && name.startsWith('.');
  const entries = [
    ...sorted(folders).map((name) => ({ name, pattern: isHidden(name) ? undefined : patternOfPath(name, true) })),
    ...sorted(files).map((name) => ({ name, pattern: patternOfFile(name) })),
  ];
  const patterns = new Set<string>();
  const leftOut: string[] = [];
  for (const { name, pattern } of entries) {
    const isKept = pattern !== undefined && (patterns.has(pattern) || patterns.size < maxPatterns);
    if (isKept) patterns.add(pattern);
    else leftOut.push(name);
  }
  const everything = isRepository ? ['*'] : ['*', '!/.*/'];
  return { patterns: patterns.size === 0 ? everything : [...patterns], leftOut };
}

/** All files with the same extension, if there is one. */
function patternOfFile(name: string): string | undefined {
  const ending = /^.+(\.(?=.*[a-z])[\w+-]{1,16})$/is.exec(name)?.[1];
  return ending === undefined ? patternOfPath(name, false) : `/*${ending}`;
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : 1));
}
