// The week table: opens parts of the day without a round trip, and keeps a part and its hours in step.

function boxes(row, column) {
  return row.cells[column]?.querySelector("input[type=checkbox]");
}

function show(button) {
  const body = button.closest("tbody");
  const opened = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(opened));
  picture(button, opened ? "minus" : "plus");
  for (const row of body.querySelectorAll(".week__hour")) row.hidden = !opened;
  body.querySelector("input[name=open]")?.remove();
  if (opened) button.after(Object.assign(document.createElement("input"), { type: "hidden", name: "open", value: button.value.slice(5) }));
}

function picture(place, name) {
  const use = place.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*$/, `#i-${name}`));
}

function inStep(box) {
  const body = box.closest("tbody");
  const column = box.closest("td").cellIndex;
  const part = boxes(body.rows[0], column);
  const hours = [...body.querySelectorAll(".week__hour")].map((row) => boxes(row, column));
  if (box === part) for (const hour of hours) hour.checked = part.checked;
  const ticked = hours.filter((hour) => hour.checked).length;
  part.checked = ticked === hours.length;
  const some = ticked > 0 && !part.checked;
  part.closest(".tile").toggleAttribute("data-some", some);
  picture(part.closest(".tile"), some ? "minus" : "check");
  part.closest("td").querySelector("input[name=was]")?.remove();
  if (part.checked) part.closest("td").prepend(Object.assign(document.createElement("input"), { type: "hidden", name: "was", value: part.value }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".week__open");
  if (!button) return;
  event.preventDefault();
  show(button);
});

document.addEventListener("change", (event) => {
  if (event.target.closest(".week .tile")) inStep(event.target);
});
