import { again } from './again.js'
import { initAll } from './govuk-frontend.min.js'
import { watch } from './idle.js'
import { gone, keepSeen } from './shown.js'

initAll()
keepSeen()
// Before anybody can press what came: an observer has its turn right after the change.
new MutationObserver(keepSeen).observe(document.body, { childList: true, subtree: true })

// A fragment that htmx swaps in brings components of its own; the page's first ones are already awake.
document.addEventListener('htmx:load', (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt })
})

document.addEventListener('htmx:responseError', again)
document.addEventListener('htmx:responseError', gone)
document.addEventListener('htmx:sendError', again)

document.querySelectorAll('[data-idle-seconds]').forEach(watch)
