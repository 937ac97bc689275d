// Colours of the estates' classes and of the map's own ink, on a light and on a dark ground. The
// worse a class the more it stands out from the ground, whatever colours an eye or a printer tells
// apart; layers have their colours from the style table.

export const PALETTES = {
  light: {
    ground: "#f4f4f0", panel: "#ffffff", halo: "#ffffff",
    rank: {
      safety_3: "#6e0d13", safety_2: "#ad2a1f", safety_1: "#d4502a",
      gap_3: "#e8892b", gap_2: "#f6bd5e", gap_1: "#fae3a8",
      unknown: "#d5d8dc", compared: "#c9d6e8", none: "#fdfdfc",
    },
    outline: "#6b5a4b", selected: "#0b1f33", faded: "#e9eae8", fadedLine: "#c9ccce",
    route: "#0b62c4", straight: "#5b6670", area: "#0b62c4",
  },
  dark: {
    ground: "#15191e", panel: "#1b2026", halo: "#12161a",
    rank: {
      safety_3: "#ffb59c", safety_2: "#ff7f58", safety_1: "#e0512d",
      gap_3: "#a3661c", gap_2: "#7a4f1f", gap_1: "#54401f",
      unknown: "#3b4249", compared: "#32465e", none: "#1f2a26",
    },
    outline: "#a8988a", selected: "#ffffff", faded: "#20262c", fadedLine: "#39424a",
    route: "#5aa9ff", straight: "#a3adb6", area: "#5aa9ff",
  },
};

// Whether a text colour, as the browser computes it, is meant for a dark ground.
export function isLight(colour) {
  const [r, g, b] = (colour.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b > 128;
}

// Give an element the colour of a class, and letters that are read on it.
export function paintClass(node, colour) {
  node.style.background = colour;
  node.style.color = onColour(colour);
}

// Black or white, whichever is read better on a colour such as "#7f0f14".
export function onColour(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#1f2933" : "#ffffff";
}
