// Looks up what the address asks for in the index that lies beside the site. Nothing is sent anywhere.
const MOST = 30;
const form = document.querySelector("form.ask");
const answer = document.getElementById("answer");
const list = document.getElementById("found");
const asked = (new URLSearchParams(location.search).get("q") || "").slice(0, 200).trim();

const say = (name, values = {}) => {
  answer.textContent = answer.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
};

const card = ({ title, over, href }) => {
  const item = list.appendChild(document.createElement("li"));
  item.className = "card";
  const above = item.appendChild(document.createElement("p"));
  above.className = "over";
  above.textContent = over;
  const link = item.appendChild(document.createElement("h2")).appendChild(document.createElement("a"));
  link.textContent = title;
  link.href = href;
};

if (asked) {
  form.elements.q.value = asked;
  say("searching");
  try {
    const pagefind = await import(form.dataset.index);
    const { results } = await pagefind.search(asked);
    const shown = await Promise.all(results.slice(0, MOST).map((result) => result.data()));
    say(results.length > MOST ? "shown" : results.length ? "found" : "nothing",
      { total: results.length, shown: MOST });
    shown.forEach(({ meta }) => card(meta));
  } catch (error) {
    say("failed");
  }
}
