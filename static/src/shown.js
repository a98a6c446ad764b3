// What a form is about stays what its reader first saw on the page: a fragment that changed under their eyes posts the
// version that they came to, and the server shows them both.
const first = new Map()

export function keepSeen () {
  for (const seen of document.querySelectorAll('form[action] > input[name=seen]')) {
    const act = seen.form.action
    if (first.has(act)) seen.value = first.get(act)
    else first.set(act, seen.value)
  }
}

// What a fragment showed may not be open to its reader any more: taken back, decided, or not their part's.
export function gone ({ detail: { target, xhr, requestConfig } }) {
  if (requestConfig.verb === 'get' && xhr.status === 404) {
    target.replaceChildren(document.getElementById('gone').content.cloneNode(true))
  }
}
