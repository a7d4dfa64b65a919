// What the page can do with script besides: parts load in place, an asked thing is a dialog, things are dragged.

// A link to a part of the page that loads that part alone.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const dialog = link.closest("dialog");
  if (dialog && "close" in link.dataset) {
    event.preventDefault();
    dialog.close();
    return;
  }
  if (!link.hash || !link.search || link.pathname !== location.pathname) return;
  const part = document.getElementById(link.hash.slice(1));
  if (!part) return;
  event.preventDefault();
  mark(link);
  htmx.ajax("GET", link.pathname + link.search, { target: link.hash, swap: "outerHTML" });
});

function mark(link) {
  for (const seat of document.querySelectorAll(".seat[data-state=now]")) delete seat.dataset.state;
  const seat = link.closest(".seat");
  if (seat && !seat.dataset.state) seat.dataset.state = "now";
}

// What was answered as a dialog opens as one; closed, it gives the focus back to where it was asked for.
document.addEventListener("htmx:after:swap", () => {
  const open = document.querySelector("dialog[open]");
  const dialog = document.querySelector("dialog:not([open])");
  if (dialog && !open) dialog.showModal();
});

let asker = null;

document.addEventListener(
  "close",
  (event) => {
    event.target.remove();
    if (asker?.isConnected) asker.focus();
  },
  true,
);

// The focus is taken once.
document.addEventListener("focusin", (event) => {
  delete event.target.dataset.takeFocus;
  if (!event.target.closest("dialog")) asker = event.target;
});

// Whatever has an id is dragged onto whatever says what it takes; the form at hand asks what that would do.
const drop = document.getElementById("drop");
let dragged = "";

document.addEventListener("dragstart", (event) => {
  const thing = event.target.closest?.("a[id]");
  dragged = thing?.hash ? new URLSearchParams(thing.search).values().next().value : "";
  if (dragged) event.dataTransfer.effectAllowed = "move";
});

function place(event) {
  return dragged && drop ? event.target.closest?.("[data-drop]") : null;
}

function show(onto) {
  for (const one of document.querySelectorAll("[data-target]")) delete one.dataset.target;
  if (onto) onto.dataset.target = "";
}

document.addEventListener("dragover", (event) => {
  const onto = place(event);
  if (!onto) return;
  event.preventDefault();
  show(onto);
});

document.addEventListener("drop", (event) => {
  const onto = place(event);
  show(null);
  if (!onto) return;
  event.preventDefault();
  [drop.elements[0].value, drop.elements[1].value] = [dragged, onto.dataset.drop];
  drop.requestSubmit();
});

document.addEventListener("dragend", () => {
  dragged = "";
  show(null);
});
