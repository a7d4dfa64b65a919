// What every page does when it has script: say a failure in words, and put the focus where it helps.

const messages = document.getElementById("messages");

function say(sentence) {
  const line = document.createElement("div");
  line.className = "notice";
  line.dataset.tone = "care";
  line.textContent = sentence;
  messages.replaceChildren(line);
}

function failed() {
  if (messages) say(messages.dataset.failed);
}

function status(event) {
  return event.detail?.ctx?.response?.raw?.status ?? event.detail?.ctx?.response?.status ?? 0;
}

document.addEventListener("htmx:error", failed);
document.addEventListener("htmx:after:request", (event) => {
  if (status(event) >= 500) failed();
});

document.addEventListener("htmx:after:swap", () => {
  document.querySelector("[aria-invalid=true]")?.focus();
});

document.querySelector("#form-errors")?.focus();
