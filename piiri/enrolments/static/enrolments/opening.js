// The waiting page: asks the server's clock, more often as the moment comes near, and goes on when it says so.

const waiting = document.querySelector("[data-opening]");

// Not everybody in the same instant.
function later(seconds) {
  const most = seconds > 600 ? 60 : seconds > 60 ? 15 : seconds > 10 ? 5 : 2;
  return 1000 * Math.min(most * (0.5 + Math.random()), Math.max(1, seconds) + 2 * Math.random());
}

async function ask() {
  let seconds = 30;
  try {
    const answer = await fetch(waiting.dataset.opening, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = page.getElementById("opening");
      seconds = Number(told.dataset.seconds);
      document.getElementById("opening").replaceWith(told);
      if (!seconds) return goOn();
    }
  } catch {
    // No answer: ask again.
  }
  setTimeout(ask, later(seconds));
}

function goOn() {
  const form = document.querySelector("form[data-draft]");
  if (form) form.requestSubmit(form.querySelector("[data-save]"));
  else location.replace(location.href);
}

if (waiting) setTimeout(ask, later(Number(document.getElementById("opening").dataset.seconds)));
