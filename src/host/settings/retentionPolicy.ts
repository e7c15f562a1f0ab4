import { defaultRetention, type RetentionPolicy } from '../../model/historyMaintenance';

const bytesPerMB = 1024 * 1024;
const msPerDay = 86_400_000;
/** Larger than any age and any disk, and still exact. */
const unlimited = Number.MAX_SAFE_INTEGER;

/** What the settings say is kept; 0 takes a limit away. Whatever is no number of them counts as left out. */
export function retentionPolicy(quotaMB: unknown, keepAllDays: unknown, keepHourlyDays: unknown): RetentionPolicy {
  const keepAllMs = limit(keepAllDays, msPerDay, defaultRetention.keepAllMs);
  const keepHourlyMs = limit(keepHourlyDays, msPerDay, defaultRetention.keepHourlyMs);
  return {
    quotaBytes: limit(quotaMB, bytesPerMB, defaultRetention.quotaBytes),
    keepAllMs,
    keepHourlyMs: Math.max(keepAllMs, keepHourlyMs),
  };
}

function limit(value: unknown, unit: number, otherwise: number): number {
  if (typeof value !== 'number' || !(value >= 0)) return otherwise;
  return value === 0 ? unlimited : Math.min(Math.round(value * unit), unlimited);
}
