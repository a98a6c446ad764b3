import { again } from './again.js'
import { initAll } from './govuk-frontend.min.js'
import { watch } from './idle.js'

initAll()

// A fragment that htmx swaps in brings components of its own; the page's first ones are already awake.
document.addEventListener('htmx:load', (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt })
})

document.addEventListener('htmx:responseError', again)
document.addEventListener('htmx:sendError', again)

document.querySelectorAll('[data-idle-seconds]').forEach(watch)
