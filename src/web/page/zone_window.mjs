// The part of a picture that is shown of a zone: around it, with some of what
// lies beside, 8 to 5 where the picture allows it.
const MARGIN = 0.25; // of the zone's own size
const LEAST = 0.12; // of the picture
const SHAPE = 1.6;

// A stretch of length `long` about a middle, moved into 0 to 1.
function stretch(middle, long) {
  const size = Math.min(1, long);
  return [Math.min(1 - size, Math.max(0, middle - size / 2)), size];
}

// {x, y, width, height} in parts of the picture, which has `wide` x `high`
// pixels.
export function windowOf(points, wide, high) {
  const [xs, ys] = [0, 1].map((i) => points.map((point) => point[i]));
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  let across = Math.max(LEAST, (right - left) * (1 + 2 * MARGIN)) * wide;
  let down = Math.max(LEAST, (bottom - top) * (1 + 2 * MARGIN)) * high;
  if (across < down * SHAPE) across = Math.min(wide, down * SHAPE);
  else down = Math.min(high, across / SHAPE);
  const [x, width] = stretch((left + right) / 2, across / wide);
  const [y, height] = stretch((top + bottom) / 2, down / high);
  return { x, y, width, height };
}
