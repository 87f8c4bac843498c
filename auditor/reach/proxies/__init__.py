"""Ways through proxies: two connections and more, each of which must open by itself."""
