// A fragment that could not be fetched is asked for again: when the server said so, or soon after nobody answered.
const SOON = 5

export function again ({ detail: { elt, xhr, requestConfig } }) {
  const said = Number(xhr.getResponseHeader('Retry-After'))
  if (requestConfig.verb !== 'get' || ![0, 502, 503, 504].includes(xhr.status)) return
  // Not all at the same moment.
  const seconds = (said || SOON) * (1 + Math.random())
  setTimeout(() => {
    if (document.contains(elt)) window.htmx.ajax('GET', requestConfig.path, { source: elt })
  }, seconds * 1000)
}
