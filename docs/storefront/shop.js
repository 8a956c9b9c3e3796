// What is the shop's own: which product the page shows, and its basket.
const main = document.querySelector('main');
const sku = new URLSearchParams(location.search).get('sku') ?? main.dataset.sku;
const basket = [];

for (const element of document.querySelectorAll('complete-the-look, shop-this-look'))
  element.setAttribute('sku', sku);

fetch(`${main.dataset.api}/v1/items/${encodeURIComponent(sku)}`)
  .then((answer) => answer.json())
  .then((item) => {
    document.title = `${item.title}, Quayside`;
    document.getElementById('title').textContent = item.title;
    document.getElementById('description').textContent = item.description;
    document.getElementById('picture').src = main.dataset.api + item.image;
  });

document.addEventListener('look-basket', (event) => {
  basket.push(...event.detail.skus);
  document.getElementById('basket').textContent = basket.join(', ');
});
