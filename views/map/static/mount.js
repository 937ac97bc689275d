// The few lines Streamlit holds: everything else comes from a hashed address and stays in the cache.
const RENEWALS_MS = [300, 700, 1500, 3000, 6000, 12000];

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".gap-map-root");
  root.latest = JSON.stringify(data);
  const here = (address) => new URL(address, document.baseURI).href; // a blob has no address to start from
  // What the server has dropped, or is too busy to give, is asked for again after another run of the page.
  const fetched = async (address) => {
    const [stem] = address.match(/^geo\/[^/]+/);
    for (const pause of [...RENEWALS_MS, 0]) {
      const answer = await fetch(here(address)).catch(() => null);
      if (answer?.ok) return answer;
      if (!pause || !root.latest.includes(stem)) throw new Error(`${answer?.status} ${address}`);
      if (answer?.status === 404) renew(root, pause, setTriggerValue);
      await new Promise((done) => setTimeout(done, pause));
    }
  };
  const json = async (address) => (await fetched(address)).json();
  const load = {
    json,
    leaflet: async () => {
      if (globalThis.L?.version !== "1.9.4") await import(here(`${data.leaflet}leaflet.js`));
      return globalThis.L;
    },
    layer: async (name) => {
      const address = data.layers[name];
      return import(here(address)).catch(async () => {
        await fetched(address);
        return import(`${here(address)}?renewed`); // a browser may keep that the first one failed
      });
    },
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

// Thirty estates may be asked for at once: one run serves all of them.
function renew(root, pause, setTriggerValue) {
  if (root.renewing) return;
  root.renewing = setTimeout(() => { root.renewing = null; }, pause);
  setTriggerValue("renewed", true);
}
