/** What outlives a reload, in IndexedDB: identity and key, key set, status list, offline queue. */

const NAME = "lvz-kiosk";

const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Store {
  #database;

  constructor(database) {
    this.#database = database;
  }

  static async open(factory = indexedDB) {
    const request = factory.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("values");
      request.result.createObjectStore("queue", { keyPath: "id" });
    };
    return new Store(await promised(request));
  }

  #objects(name, mode = "readonly") {
    return this.#database.transaction(name, mode).objectStore(name);
  }

  /** Resolves only when the write is on disk: a kiosk loses power without warning. */
  #write(name, change) {
    const transaction = this.#database.transaction(name, "readwrite", { durability: "strict" });
    change(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }

  get(key) {
    return promised(this.#objects("values").get(key));
  }

  set(key, value) {
    return this.#write("values", (values) => values.put(value, key));
  }

  clearValues() {
    return this.#write("values", (values) => values.clear());
  }

  queued() {
    return promised(this.#objects("queue").getAll());
  }

  enqueue(item) {
    return this.#write("queue", (queue) => queue.put(item));
  }

  dequeue(ids) {
    return this.#write("queue", (queue) => ids.forEach((id) => queue.delete(id)));
  }
}
