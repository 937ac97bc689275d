// The few lines Streamlit holds: everything else comes from a hashed address and stays in the cache.
export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".gap-map-root");
  const here = (url) => new URL(url, document.baseURI).href; // a blob has no address to start from
  const load = (url) => import(here(url));
  const loadState = async (url) => (await fetch(url)).json();
  let close = null;
  let closed = false;
  root.queue = (root.queue || Promise.resolve())
    .then(async () => {
      const client = await load(data.client);
      const report = (id) => setTriggerValue("estate", id);
      close = await client.show(root, { ...data, load, loadState }, report);
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
