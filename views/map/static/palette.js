// Colours of the findings and of the map's own ink, on a light and on a dark ground. The five
// severity colours run through the bands of the rulebook; layers have theirs from the style table.

export const PALETTES = {
  light: {
    ground: "#f4f4f0", panel: "#ffffff", halo: "#ffffff",
    severity: ["#dfe7df", "#fbe3b4", "#f6bd6a", "#e07b32", "#a63a12"], unknown: "#d5d8dc",
    outline: "#6b5a4b", selected: "#0b1f33", faded: "#e9eae8", fadedLine: "#c9ccce",
    route: "#0b62c4", straight: "#5b6670", area: "#0b62c4",
  },
  dark: {
    ground: "#15191e", panel: "#1b2026", halo: "#12161a",
    severity: ["#33423a", "#6b5a33", "#95692f", "#c46a2b", "#e0532a"], unknown: "#3b4249",
    outline: "#a8988a", selected: "#ffffff", faded: "#20262c", fadedLine: "#39424a",
    route: "#5aa9ff", straight: "#a3adb6", area: "#5aa9ff",
  },
};

// Whether a text colour, as the browser computes it, is meant for a dark ground.
export function isLight(colour) {
  const [r, g, b] = (colour.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b > 128;
}
