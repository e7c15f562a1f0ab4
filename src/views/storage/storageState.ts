import * as l10n from '@vscode/l10n';
import type { Dropping, StorageFacts } from '../../model/historyMaintenance';
import type { Fact, FolderView, Share, StorageFactsView, Warning } from '../../webview/storageProtocol';
import { oneLine } from '../text/displayText';
import { type TimeText, versionCount } from '../text/timeText';
import { plural } from '../../base/plural';

/** Folders with a bar of their own; the rest share one. */
const maxFolders = 14;
const bytesPerMB = 1024 * 1024;
/** Above this share of the quota, the page warns. */
const nearlyFull = 0.9;

export type FolderFinding = { readonly key: string; readonly name: string } & (
  { readonly facts: StorageFacts } | { readonly problem: string }
);

/** Computes the state of the Storage page, with all its texts. */
export class StorageStates {
  constructor(private readonly time: TimeText) {}

  folder(finding: FolderFinding): FolderView {
    const shown = { key: finding.key, name: oneLine(finding.name) };
    if ('problem' in finding) return { ...shown, body: { kind: 'failed', message: oneLine(finding.problem) } };
    const { facts } = finding;
    return { ...shown, body: facts.versions === 0 ? { kind: 'empty' } : this.factsView(facts) };
  }

  private factsView(facts: StorageFacts): StorageFactsView {
    const { time } = this;
    const comparison = this.comparison(facts);
    const quota = this.quota(facts);
    return {
      kind: 'facts',
      headline: l10n.t('{0} in {1}', this.versions(facts.versions), time.size(facts.totalBytes)),
      ...(comparison ? { comparison } : { note: this.sizeNote(facts) }),
      ...(quota && { quota }),
      warnings: this.warnings(facts),
      facts: this.facts(facts),
      parts: this.parts(facts),
      folders: this.folders(facts),
      droppings: facts.droppings.map((dropping) => this.dropping(dropping)),
    };
  }

  private comparison({ totalBytes, fullBytes }: StorageFacts): StorageFactsView['comparison'] {
    if (totalBytes === 0 || fullBytes <= totalBytes) return undefined;
    const { time } = this;
    const ratio = fullBytes / totalBytes;
    const times = time.count(ratio < 10 ? Math.round(ratio * 10) / 10 : Math.round(ratio));
    return {
      words: l10n.t('Full copies of every version would take {0}: {1} times as much.', time.size(fullBytes), times),
      bars: [
        { name: l10n.t('Full copies'), size: time.size(fullBytes), share: 1 },
        { name: l10n.t('This history'), size: time.size(totalBytes), share: totalBytes / fullBytes },
      ],
    };
  }

  /** Explains a history that is not smaller than full copies. */
  private sizeNote({ fullBytes }: StorageFacts): string {
    return l10n.t(
      'Full copies would take {0}. A small history, or one of files that do not compress, can take more, since it also stores the time and cause of each version.',
      this.time.size(fullBytes),
    );
  }

  private quota({ totalBytes, quotaBytes }: StorageFacts): Share | undefined {
    if (quotaBytes >= Number.MAX_SAFE_INTEGER || quotaBytes <= 0) return undefined;
    const { time } = this;
    const share = totalBytes / quotaBytes;
    const percent = share >= 0.1 ? time.count(Math.round(share * 100)) : time.count(Math.round(share * 1_000) / 10);
    return {
      // In the unit of the setting, so that the number is the same.
      name: l10n.t('{0} of {1} MB', time.size(totalBytes), time.count(Math.round(quotaBytes / bytesPerMB))),
      size: share < 0.001 ? l10n.t('under 0.1 % of the quota') : l10n.t('{0} % of the quota', percent),
      share: Math.min(1, share),
    };
  }

  private warnings({ lastCheck, overQuotaBytes, totalBytes, quotaBytes }: StorageFacts): Warning[] {
    const { time } = this;
    const found: Warning[] = [];
    if (lastCheck && lastCheck.damagedCount > 0) {
      const message = plural(
        lastCheck.damagedCount,
        l10n.t('1 version is damaged. Check History names it.'),
        l10n.t('{0} versions are damaged. Check History names them.', time.count(lastCheck.damagedCount)),
      );
      found.push({ severity: 'error', message });
    }
    if (overQuotaBytes !== undefined && overQuotaBytes > 0) {
      const message = l10n.t(
        'Versions that must be kept (newest, pinned, labeled) exceed the quota by {0}. Raise the quota, or unpin and delete some.',
        time.size(overQuotaBytes),
      );
      found.push({ severity: 'warning', message });
    } else if (totalBytes > quotaBytes * nearlyFull) {
      found.push({
        severity: 'warning',
        message: l10n.t('The quota is nearly reached. Versions will be dropped soon.'),
      });
    }
    return found;
  }

  private facts({ versions, files, contents, oldest, newest, pins, labels, lastCheck }: StorageFacts): Fact[] {
    const { time } = this;
    const check =
      lastCheck === undefined
        ? { value: l10n.t('never') }
        : {
            value: time.ago(lastCheck.time),
            detail:
              lastCheck.damagedCount === 0
                ? l10n.t('no damage')
                : l10n.t('{0} damaged', time.count(lastCheck.damagedCount)),
          };
    const when = (ms: number) => ({ value: time.ago(ms), detail: time.short(ms) });
    return [
      {
        icon: 'history',
        name: l10n.t('Versions'),
        value: time.count(versions),
        detail: plural(contents, l10n.t('1 content'), l10n.t('{0} different contents', time.count(contents))),
      },
      { icon: 'files', name: l10n.t('Files'), value: time.count(files), detail: l10n.t('existing now') },
      ...(oldest === undefined ? [] : [{ icon: 'calendar', name: l10n.t('Oldest version'), ...when(oldest) }]),
      ...(newest === undefined ? [] : [{ icon: 'clock', name: l10n.t('Newest version'), ...when(newest) }]),
      { icon: 'shield', name: l10n.t('Last check'), ...check },
      {
        icon: 'tag',
        name: l10n.t('Kept permanently'),
        value: [
          plural(labels, l10n.t('1 label'), l10n.t('{0} labels', time.count(labels))),
          plural(pins, l10n.t('1 pin'), l10n.t('{0} pins', time.count(pins))),
        ].join(', '),
      },
    ];
  }

  private parts({ bytes, totalBytes }: StorageFacts): Share[] {
    const named = [
      { name: l10n.t('Journals'), bytes: bytes.journals, detail: l10n.t('newest versions') },
      { name: l10n.t('Segments'), bytes: bytes.segments, detail: l10n.t('older versions') },
      { name: l10n.t('Catalog'), bytes: bytes.catalog, detail: l10n.t('index') },
      { name: l10n.t('Other'), bytes: bytes.other, detail: l10n.t('other files') },
    ];
    return named
      .filter((part) => part.bytes > 0)
      .map((part) => ({
        name: part.name,
        size: this.time.size(part.bytes),
        detail: part.detail,
        share: part.bytes / Math.max(1, totalBytes),
      }));
  }

  private folders({ folders }: StorageFacts): Share[] {
    const { time } = this;
    const whole = Math.max(
      1,
      folders.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    const share = (name: string, bytes: number, versions: number): Share => ({
      name,
      size: time.size(bytes),
      detail: this.versions(versions),
      share: bytes / whole,
    });
    const shown = folders.slice(0, maxFolders);
    const rest = folders.slice(maxFolders);
    const others = share(
      l10n.t('{0} more', time.count(rest.length)),
      rest.reduce((sum, { bytes }) => sum + bytes, 0),
      rest.reduce((sum, { versions }) => sum + versions, 0),
    );
    return [
      ...shown.map(({ path, bytes, versions }) =>
        share(path === '' ? l10n.t('files in the root') : oneLine(path), bytes, versions),
      ),
      ...(rest.length > 0 ? [others] : []),
    ];
  }

  private dropping({ time: when, why, versions, bytes }: Dropping): Fact {
    const { time } = this;
    const words = this.versions(versions);
    return {
      icon: why === 'age' ? 'calendar' : 'database',
      name: time.short(when),
      value: why === 'age' ? l10n.t('{0} dropped by age', words) : l10n.t('{0} dropped by the quota', words),
      detail: l10n.t('{0} freed', time.size(bytes)),
    };
  }

  private versions(count: number): string {
    return versionCount(count, this.time);
  }
}
