// The corner of the map: its link is copied, and it fills the screen.

import { button, element } from "./dom.js";

const SAID_MS = 1600;
const SVG = "http://www.w3.org/2000/svg";
const ICONS = { // no font is sure to have these signs
  link: "M7 9a3 3 0 0 0 4 0l2.5-2.5a3 3 0 0 0-4-4L8 4M9 7a3 3 0 0 0-4 0L2.5 9.5a3 3 0 0 0 4 4L8 12",
  screen: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  done: "M3 8.5l3.5 3.5L13 4.5",
  failed: "M4 4l8 8M12 4l-8 8",
};

export function prepareCorner(view) {
  const { parts: { stage }, root } = view;
  const box = element("div", "map-corner");
  const link = button("corner-link", null, () => copyLink(link));
  const screen = button("corner-screen", null, () => fillScreen(root));
  draw(link, "link");
  draw(screen, "screen");
  screen.hidden = !root.requestFullscreen;
  box.append(link, screen);
  view.L.DomEvent.disableClickPropagation(box);
  stage.append(box);
  Object.assign(view.parts, { link, screen });
}

export function drawCorner({ parts: { link, screen }, state: { page: { words } } }) {
  name(link, words.copy_link);
  name(screen, words.full_screen);
}

function draw(made, icon) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  path.setAttribute("d", ICONS[icon]);
  svg.append(path);
  made.replaceChildren(svg);
  made.dataset.icon = icon;
}

function name(made, text) {
  made.title = text;
  made.setAttribute("aria-label", text);
}

async function copyLink(link) {
  const isDone = await copied(location.href);
  draw(link, isDone ? "done" : "failed");
  setTimeout(() => draw(link, "link"), SAID_MS);
}

// A page that is not served over TLS has no clipboard of its own.
async function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const typed = element("textarea");
  typed.value = text;
  document.body.append(typed);
  typed.select();
  const isDone = document.execCommand("copy");
  typed.remove();
  return isDone;
}

function fillScreen(root) {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen();
}
