// What every page does when it has script: say a failure in words, and put the focus where it helps.

const messages = document.getElementById("messages");

function say(sentence) {
  const line = document.createElement("div");
  line.className = "notice";
  line.dataset.tone = "care";
  line.textContent = sentence;
  messages?.replaceChildren(line);
}

// A whole page is no fragment: follow it when the door sent us on, else keep what is on the screen.
document.addEventListener("htmx:after:request", (event) => {
  const { response, text } = event.detail.ctx;
  if (!/^\s*<!doctype/i.test(text)) return;
  event.preventDefault();
  if (response.raw.redirected && response.status < 400) location.assign(response.raw.url);
  else say(messages.dataset.failed);
});

document.addEventListener("htmx:error", () => say(messages.dataset.failed));

document.addEventListener("htmx:after:swap", () => {
  document.querySelector("[data-take-focus], [aria-invalid=true]")?.focus();
});

document.querySelector("[data-take-focus]")?.focus();
