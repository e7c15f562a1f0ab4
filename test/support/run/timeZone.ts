/** A time zone in which it is about noon: what a run records today stays of today until the run ends. */
export function zoneAtNoon(now: Date): string {
  const eastOfGreenwich = 12 - now.getUTCHours();
  // The names of these zones have the sign the other way around.
  return `Etc/GMT${eastOfGreenwich > 0 ? '-' : '+'}${Math.abs(eastOfGreenwich)}`;
}
