/** The position of a tile as fractions of the whole: 0 to 1. */
export interface Tile {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Area extends Tile {
  /** Width divided by height, as drawn. */
  readonly aspect: number;
}

/**
 * Lays out weights, largest first, as tiles of a rectangle (a squarified treemap): each tile has the area of its share,
 * and rows along the shorter side are filled as long as that makes their tiles less oblong.
 */
export function treemap(weights: readonly number[], aspect: number): Tile[] {
  const tiles: Tile[] = [];
  let rest: Area = { left: 0, top: 0, width: 1, height: 1, aspect };
  let remaining = weights;
  while (remaining.length > 0) {
    const row = remaining.slice(0, rowLength(remaining, rest));
    const share = sum(row) / sum(remaining);
    tiles.push(...rowTiles(row, share, rest));
    rest = without(rest, share);
    remaining = remaining.slice(row.length);
  }
  return tiles;
}

/** How many of the next weights make the best row. */
function rowLength(weights: readonly number[], area: Area): number {
  let length = 1;
  while (length < weights.length && worst(weights, length + 1, area) <= worst(weights, length, area)) length++;
  return length;
}

/** The aspect ratio of the most oblong tile of a row. */
function worst(weights: readonly number[], length: number, { width, height, aspect }: Area): number {
  const row = weights.slice(0, length);
  const [long, short] = [width * aspect, height].sort((a, b) => b - a) as [number, number];
  const depth = long * (sum(row) / sum(weights));
  return Math.max(
    ...row.map((weight) => {
      const along = short * (weight / sum(row));
      return Math.max(along / depth, depth / along);
    }),
  );
}

function isWide({ width, height, aspect }: Area): boolean {
  return width * aspect >= height;
}

function rowTiles(row: readonly number[], share: number, area: Area): Tile[] {
  let before = 0;
  return row.map((weight) => {
    const [from, part] = [before, weight / sum(row)];
    before += part;
    const { left, top, width, height } = area;
    return isWide(area)
      ? { left, top: top + from * height, width: width * share, height: part * height }
      : { left: left + from * width, top, width: part * width, height: height * share };
  });
}

function without(area: Area, share: number): Area {
  const { left, top, width, height } = area;
  return isWide(area)
    ? { ...area, left: left + width * share, width: width * (1 - share) }
    : { ...area, top: top + height * share, height: height * (1 - share) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
