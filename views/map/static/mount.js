// The few lines Streamlit holds: everything else comes from a hashed address and stays in the cache.
export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".gap-map-root");
  const here = (address) => new URL(address, document.baseURI).href; // a blob has no address to start from
  const json = async (address) => {
    const answer = await fetch(here(address));
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    return answer.json();
  };
  const load = {
    json,
    leaflet: async () => {
      if (globalThis.L?.version !== "1.9.4") await import(here(`${data.leaflet}leaflet.js`));
      return globalThis.L;
    },
    layer: (name) => import(here(data.layers[name])),
    dossier: (address, row) => json(address + row),
  };
  let close = null;
  let isClosed = false;
  root.queue = (root.queue || Promise.resolve())
    .then(async () => {
      const client = await import(here(`${data.client}client.js`));
      close = await client.show(root, data, load, setTriggerValue);
      if (isClosed) close();
    })
    .catch((error) => {
      root.dataset.failed = "true";
      root.textContent = data.words.failed;
      console.error(error);
    });
  return () => {
    isClosed = true;
    if (close) close();
  };
}
