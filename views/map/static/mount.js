// The few lines Streamlit holds: everything else comes from a hashed address and stays in the cache.
export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".gap-map-root");
  const here = (url) => new URL(url, document.baseURI).href; // a blob has no address to start from
  const load = (url) => import(here(url));
  const loadJson = async (url) => {
    const answer = await fetch(here(url));
    if (!answer.ok) throw new Error(`${answer.status} ${url}`);
    return answer.json();
  };
  const loadDossier = (row) => loadJson(data.dossiers + row);
  let close = null;
  let closed = false;
  root.queue = (root.queue || Promise.resolve())
    .then(async () => {
      const client = await load(data.client);
      const report = (picked) => setTriggerValue("picked", picked);
      close = await client.show(root, { ...data, load, loadState: loadJson, loadDossier }, report);
      if (closed) close();
    })
    .catch((error) => {
      root.dataset.failed = "true";
      root.textContent = data.words.failed;
      console.error(error);
    });
  return () => {
    closed = true;
    if (close) close();
  };
}
