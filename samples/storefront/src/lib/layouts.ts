export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Arrangement {
  boxes: Box[];
  height: number;
}

export interface Sized {
  width: number;
  height: number;
}

export type LayoutName = "masonry" | "grid" | "rows";

/** Arranges pictures of the given sizes in a container of the given width. The boxes are in the order of the pictures. */
export function arrange(layout: LayoutName, sizes: readonly Sized[], width: number): Arrangement {
  const gap = width < 600 ? 6 : width < 1000 ? 10 : 14;
  switch (layout) {
    case "rows":
      return rows(sizes, width, gap, width < 600 ? 170 : width < 1000 ? 250 : 330);
    case "grid":
      return grid(sizes.length, width, gap, columnCount(width, 2));
    default:
      return masonry(sizes, width, gap, columnCount(width, 2));
  }
}

/** Two columns on a phone, columns of about 380 pixels on wide screens. */
export function columnCount(width: number, least: number): number {
  return Math.max(least, Math.min(5, Math.round(width / 400)));
}

export function aspect(size: Sized): number {
  return size.width > 0 && size.height > 0 ? size.width / size.height : 1.5;
}

/** Columns of equal width; each picture goes to the shortest one, so that the reading order stays from top to bottom. */
export function masonry(sizes: readonly Sized[], width: number, gap: number, columns: number): Arrangement {
  const columnWidth = (width - gap * (columns - 1)) / columns;
  const ends = Array.from({ length: columns }, () => 0);
  const boxes = sizes.map((size) => {
    const column = ends.indexOf(Math.min(...ends));
    const height = Math.round(columnWidth / clamp(aspect(size), 0.45, 2.6));
    const box = { left: column * (columnWidth + gap), top: ends[column] ?? 0, width: columnWidth, height };
    ends[column] = box.top + height + gap;
    return box;
  });
  return { boxes, height: Math.max(0, Math.max(...ends) - gap) };
}

/** Cells of 4 by 5, which the pictures are cropped to. */
export function grid(count: number, width: number, gap: number, columns: number): Arrangement {
  const cell = (width - gap * (columns - 1)) / columns;
  const height = Math.round(cell * 1.25);
  const boxes = Array.from({ length: count }, (_, index) => ({
    left: (index % columns) * (cell + gap),
    top: Math.floor(index / columns) * (height + gap),
    width: cell,
    height,
  }));
  const lines = Math.ceil(count / columns);
  return { boxes, height: lines === 0 ? 0 : lines * (height + gap) - gap };
}

/** Rows that fill the width exactly, with pictures of equal height; the last row has the target height. */
export function rows(sizes: readonly Sized[], width: number, gap: number, target: number): Arrangement {
  const boxes: Box[] = [];
  let top = 0;
  let row: number[] = [];
  const place = (height: number) => {
    let left = 0;
    for (const ratio of row) {
      boxes.push({ left, top, width: ratio * height, height });
      left += ratio * height + gap;
    }

    top += height + gap;
    row = [];
  };

  for (const size of sizes) {
    row.push(clamp(aspect(size), 0.4, 3.2));
    const height = (width - gap * (row.length - 1)) / row.reduce((sum, ratio) => sum + ratio, 0);
    if (height <= target) {
      place(height);
    }
  }

  if (row.length > 0) {
    const full = (width - gap * (row.length - 1)) / row.reduce((sum, ratio) => sum + ratio, 0);
    place(Math.min(target, full));
  }

  return { boxes, height: Math.max(0, top - gap) };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
