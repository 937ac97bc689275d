// Dossiers of estates, each asked for once: already when the pointer comes over the estate.

const KEPT_AT_MOST = 200;

// `fetchOne(address, row)` returns a promise; a request that failed is forgotten and may be repeated.
export function dossierCache(fetchOne, most = KEPT_AT_MOST) {
  const kept = new Map();
  return (address, row) => {
    const key = address + row;
    if (!kept.has(key)) {
      const coming = fetchOne(address, row);
      coming.catch(() => kept.delete(key));
      kept.set(key, coming);
      if (kept.size > most) kept.delete(kept.keys().next().value);
    }
    return kept.get(key);
  };
}
