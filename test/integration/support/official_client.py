"""What an application in Python does with the official client, through the proxy; prints what it got as JSON.

Arguments: address of the proxy, name of the index.
"""

import asyncio
import json
import sys

from elasticsearch import AsyncElasticsearch, BadRequestError, Elasticsearch, helpers
from elasticsearch.dsl import Document, Keyword, Q, Search, Text, connections

url, index = sys.argv[1:]
client = Elasticsearch(url)
connections.add_connection("default", client)


class Article(Document):
    text = Text()
    territories = Keyword(multi=True)
    territory_path = Keyword(multi=True)

    class Index:
        name = index


def ids(hits):
    return sorted(hit["_id"] for hit in hits)


def search():
    answer = client.search(index=index, query={"term": {"territory": "COM:69123"}}, size=100)
    clause = client.search(index=index, query={"territory": {"expression": "REG:84 - DEP:69"}}, size=100)
    by_url = client.search(index=index, q="salaire AND territory:COM:69123", size=100)
    return {
        "term": ids(answer["hits"]["hits"]),
        "clause": ids(clause["hits"]["hits"]),
        "q": ids(by_url["hits"]["hits"]),
        "count": client.count(index=index, query={"term": {"territory": "COM:69123"}})["count"],
        "cache": answer.meta.headers["x-territory-cache"],
    }


def dsl():
    lyon = Article.search().query("term", territory="COM:69123")[:100]
    combined = Search(index=index).query(Q("match", text="salaire") & ~Q("term", territory="DEP:69"))[:100]
    counted = Article.search().extra(size=0)
    counted.aggs.bucket("lyon", "filter", term={"territory": "COM:69123"})
    return {
        "term": sorted(article.meta.id for article in lyon),
        "without": sorted(hit.meta.id for hit in combined),
        "aggregation": counted.execute().aggregations.lyon.doc_count,
    }


def bulk():
    actions = ({"_index": index, "_id": f"bulk-{i}", "text": "territory:COM:69123", "territories": ["COM:14118"],
                "territory_path": ["COM:14118", "DEP:14"]} for i in range(1200))
    done, errors = helpers.bulk(client, actions, chunk_size=500, refresh=True)
    count = client.count(index=index, query={"term": {"territory": "DEP:14"}})["count"]
    text = client.get(index=index, id="bulk-7")["_source"]["text"]
    return {"done": done, "errors": errors, "count": count, "text": text}


def scan():
    query = {"query": {"term": {"territory": "DEP:14"}}}
    return len({hit["_id"] for hit in helpers.scan(client, index=index, query=query, size=500)})


def pit():
    found, after = [], None
    pit_id = client.open_point_in_time(index=index, keep_alive="1m")["id"]
    try:
        while True:
            answer = client.search(pit={"id": pit_id, "keep_alive": "1m"}, query={"territory": "DEP:14"},
                                   sort=[{"_shard_doc": "asc"}], size=500, search_after=after)
            pit_id = answer["pit_id"]
            hits = answer["hits"]["hits"]
            if not hits:
                return len(set(found))
            found += [hit["_id"] for hit in hits]
            after = hits[-1]["sort"]
    finally:
        client.close_point_in_time(id=pit_id)


async def asynchronous():
    async with AsyncElasticsearch(url) as peer:
        codes = ["COM:69123", "COM:44109", "COM:75056"]
        searches = [peer.search(index=index, query={"term": {"territory": code}}, size=100) for code in codes]
        answers = [ids(answer["hits"]["hits"]) for answer in await asyncio.gather(*searches)]
        scanned = [hit["_id"] async for hit in helpers.async_scan(peer, index=index, query={"query": {"territory": "COM:69123"}})]
        return {"answers": dict(zip(codes, answers)), "scan": sorted(scanned)}


def unknown():
    try:
        client.search(index=index, query={"term": {"territory": "COM:234"}})
    except BadRequestError as error:
        return {"type": error.error, "status": error.status_code, "units": error.body["error"]["units"]}


result = {"search": search(), "dsl": dsl(), "bulk": bulk(), "scan": scan(), "pit": pit(),
          "async": asyncio.run(asynchronous()), "unknown": unknown()}
print(json.dumps(result))
