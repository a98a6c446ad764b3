// Two minutes before a sign-in ends, asks whether somebody is still there. What is typed stays on the page in any case.
const WARNING = 120 * 1000

export function watch (dialog) {
  const idle = Number(dialog.dataset.idleSeconds) * 1000
  const soon = dialog.querySelector('[data-idle-soon]')
  const over = dialog.querySelector('[data-idle-over]')
  const button = dialog.querySelector('button')
  let timers = []

  function show (ended) {
    soon.hidden = ended
    over.hidden = !ended
    button.hidden = ended
    if (!dialog.open) dialog.showModal()
  }

  function begin () {
    timers.forEach(clearTimeout)
    timers = [
      setTimeout(() => show(false), Math.max(0, idle - WARNING)),
      setTimeout(() => show(true), idle)
    ]
  }

  button.addEventListener('click', async () => {
    const answer = await fetch(dialog.dataset.stay, { redirect: 'manual' }).catch(() => null)
    if (answer?.status !== 204) return show(true)
    dialog.close()
    begin()
  })
  begin()
}
