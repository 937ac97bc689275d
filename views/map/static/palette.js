// Colours of the map, light and dark. The five severity colours run from the bands of the rulebook.

const PALETTES = {
  light: {
    ground: "#f4f4f0", panel: "#ffffff", ink: "#1f2933", halo: "#ffffff", faint: "#8a9299",
    severity: ["#dfe7df", "#fbe3b4", "#f6bd6a", "#e07b32", "#a63a12"], unknown: "#d5d8dc",
    outline: "#6b5a4b", selected: "#0b1f33", faded: "#e9eae8", fadedLine: "#c9ccce",
    town: "#7c8894", walkway: "#c4c0b6", green: "#c4dfb8", greenLine: "#9cc48b", tree: "#6fa35d",
    building: "#fffdf8", buildingLine: "#9a8f84", infill: "#e7e5df", infillLine: "#d3d0c8",
    gate: "#ffffff", gateLine: "#1f2933", route: "#0b62c4", straight: "#5b6670", area: "#0b62c4",
  },
  dark: {
    ground: "#15191e", panel: "#1b2026", ink: "#eceff2", halo: "#12161a", faint: "#7f8b96",
    severity: ["#33423a", "#6b5a33", "#95692f", "#c46a2b", "#e0532a"], unknown: "#3b4249",
    outline: "#a8988a", selected: "#ffffff", faded: "#20262c", fadedLine: "#39424a",
    town: "#8996a3", walkway: "#3d444b", green: "#24402b", greenLine: "#33593c", tree: "#4f8a55",
    building: "#3a4149", buildingLine: "#6a747d", infill: "#242a30", infillLine: "#2f363d",
    gate: "#15191e", gateLine: "#eceff2", route: "#5aa9ff", straight: "#a3adb6", area: "#5aa9ff",
  },
};

// Underground pipelines by kind, in the colours surveyors use; replaceable here and nowhere else.
const PIPE_COLOURS = {
  JS: "#2f9bd8", PS: "#8b5e34", RQ: "#e0709c", RL: "#ef8c1f", DL: "#d62f2f", TX: "#2f9e44",
  GY: "#7b5ea7", ZH: "#5f6b76", BM: "#9aa3ab",
};

const FACILITY_COLOURS = {
  care: "#8e4585", health: "#c92a4b", school: "#1c6fb8", trade: "#b7791f", public: "#2b7a6d",
  other: "#66727d",
};

const FACILITY_GROUPS = {
  elder_day_care: "care", elder_station: "care", elder_home: "care", meal: "care",
  home_help: "care", health_station: "health", health_centre: "health", pharmacy: "health",
  kindergarten: "school", school: "school", nursery: "school", market: "trade", shop: "trade",
  parcel_station: "trade", parcel_locker: "trade", community_service: "public",
  fitness: "public", culture: "public", park: "public", waste: "other", bus_stop: "other",
};

function isDark(element) {
  const text = getComputedStyle(element).color || "rgb(0,0,0)";
  const [r, g, b] = (text.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b > 128; // light ink stands on a dark ground
}
