import type { World } from './world.js';

/**
 * A request in which `@` stands where a query can. `@` is filled with the shorthand in each of its forms and sent through
 * the proxy, and with the expansion written by hand and sent to Elasticsearch itself.
 */
export interface Scenario {
  /** The body; `@` is an object, `…` of a query: `{"term": …}`. */
  readonly body: string;
  /** Which index of the world it searches; `articles` by default. */
  readonly index?: keyof World;
  /** Why no server of the tests has it: then what a recording server is sent is compared. */
  readonly lacking?: string;
}

/** The forms of the shorthand for `DEP:69`, each an object that is a query. */
export const FORMS: readonly object[] = [
  { term: { territory: 'DEP:69' } },
  { terms: { 'territory.within': ['DEP:69'] } },
  { match: { territory: { query: 'DEP:69' } } },
  { match_phrase: { territory: 'DEP:69' } },
  { territory: { codes: ['DEP:69'] } },
  { territory: { expression: 'REG:84 & DEP:69', relation: 'within' } },
  { territory: 'DEP:69' },
];

/** A body with `@` filled. */
export function filled(body: string, query: object): string {
  return body.replaceAll('@', JSON.stringify(query));
}

/** Then a real 7.17 is asked. */
export const REMOVED = 'removed in 8.0';
const XPACK = 'part of the basic licence, not of the open-source modules';

/** Places of a search body, and of everything that lies in one. */
export const SEARCH: readonly Scenario[] = [
  // The search itself.
  { body: '{"query":@}' },
  { body: '{"query":{"match_all":{}},"post_filter":@,"aggs":{"k":{"terms":{"field":"kind"}}}}' },
  { body: '{"query":{"match_all":{}},"rescore":{"window_size":100,"query":{"rescore_query":@}}}' },
  { body: '{"query":{"match_all":{}},"rescore":[{"window_size":100,"query":{"rescore_query":@}}]}' },
  {
    body: '{"query":{"match":{"text":"salaire"}},"highlight":{"require_field_match":false,"highlight_query":@,"fields":{"territory_path":{}}}}',
  },
  {
    body: '{"query":{"match":{"text":"salaire"}},"highlight":{"fields":{"territory_path":{"require_field_match":false,"highlight_query":@}}}}',
  },
  {
    body: '{"query":{"match":{"text":"salaire"}},"highlight":{"fields":[{"territory_path":{"require_field_match":false,"highlight_query":@}}]}}',
  },
  {
    body: '{"collapse":{"field":"kind","inner_hits":{"name":"n","size":9,"highlight":{"require_field_match":false,"highlight_query":@,"fields":{"territory_path":{}}}}}}',
  },
  {
    body: '{"collapse":{"field":"kind","inner_hits":[{"name":"n","size":9,"highlight":{"fields":{"territory_path":{"require_field_match":false,"highlight_query":@}}}}]}}',
  },
  { body: '{"knn":{"field":"vector","query_vector":[1,1],"k":20,"num_candidates":50,"filter":@}}' },
  {
    body: '{"knn":[{"field":"vector","query_vector":[1,1],"k":20,"num_candidates":50,"filter":[@,{"match_all":{}}]}]}',
  },
  {
    body: '{"query":{"match_all":{}},"sort":[{"parts.rank":{"order":"asc","nested":{"path":"parts","filter":@}}}]}',
    index: 'nested',
  },
  {
    body: '{"query":{"match_all":{}},"sort":{"parts.rank":{"order":"desc","nested":{"path":"parts","filter":@}}}}',
    index: 'nested',
  },
  {
    body: '{"query":{"match_all":{}},"sort":[{"_script":{"type":"number","script":{"source":"doc[\'parts.rank\'].size() == 0 ? 0 : doc[\'parts.rank\'].value"},"nested":{"path":"parts","filter":@}}}]}',
    index: 'nested',
  },
  {
    body: '{"query":{"match_all":{}},"sort":[{"_geo_distance":{"parts.point":[4.8,45.7],"unit":"km","nested":{"path":"parts","filter":@}}}]}',
    index: 'nested',
  },
  { body: '{"sub_searches":[{"query":@},{"query":{"match_all":{}}}],"rank":{"rrf":{}}}', lacking: XPACK },

  {
    body: '{"query":{"match_all":{}},"sort":[{"parts.bits.rank":{"nested":{"path":"parts","nested":{"path":"parts.bits","filter":@}}}}]}',
    index: 'deep',
  },
  {
    body: '{"query":{"match_all":{}},"sort":[{"parts.rank":{"nested_path":"parts","nested_filter":@}}]}',
    index: 'nested',
    lacking: REMOVED,
  },
  {
    body: '{"knn":{"field":"parts.vector","query_vector":[1,1],"k":9,"num_candidates":50,"inner_hits":{"highlight":{"require_field_match":false,"highlight_query":@,"fields":{"parts.territory_path":{}}}}}}',
    index: 'nested',
  },

  // Compound queries.
  { body: '{"query":{"bool":{"must":@}}}' },
  { body: '{"query":{"bool":{"must":[@,{"match":{"text":"salaire"}}]}}}' },
  { body: '{"query":{"bool":{"must_not":[@]}}}' },
  { body: '{"query":{"bool":{"must_not":@}}}' },
  { body: '{"query":{"bool":{"should":[{"match":{"text":"lyon"}},@]}}}' },
  { body: '{"query":{"bool":{"filter":@}}}' },
  { body: '{"query":{"bool":{"filter":[{"exists":{"field":"kind"}},{"bool":{"must":[@]}}]}}}' },
  { body: '{"query":{"boosting":{"positive":{"match_all":{}},"negative":@,"negative_boost":0.5}}}' },
  { body: '{"query":{"boosting":{"positive":@,"negative":{"match":{"text":"lyon"}},"negative_boost":0.5}}}' },
  { body: '{"query":{"constant_score":{"filter":@,"boost":3}}}' },
  { body: '{"query":{"dis_max":{"queries":[@,{"match":{"text":"nantes"}}]}}}' },
  { body: '{"query":{"dis_max":{"queries":@}}}' },
  { body: '{"query":{"function_score":{"query":@,"weight":2}}}' },
  {
    body: '{"query":{"function_score":{"functions":[{"filter":@,"weight":4},{"filter":{"match":{"text":"paris"}},"weight":2}],"score_mode":"sum"}}}',
  },
  { body: '{"query":{"script_score":{"query":@,"script":{"source":"doc[\'rank\'].value"}}}}' },
  { body: '{"query":{"has_child":{"type":"comment","query":@}}}' },
  { body: '{"query":{"has_parent":{"parent_type":"article","query":@}}}' },
  {
    body: '{"query":{"has_child":{"type":"comment","query":{"match_all":{}},"inner_hits":{"highlight":{"require_field_match":false,"highlight_query":@,"fields":{"territory_path":{}}}}}}}',
  },
  {
    body: '{"query":{"has_parent":{"parent_type":"article","query":{"match_all":{}},"inner_hits":{"highlight":{"require_field_match":false,"highlight_query":@,"fields":{"territory_path":{}}}}}}}',
  },
  { body: '{"query":{"nested":{"path":"parts","query":@}}}', index: 'nested' },
  { body: '{"query":{"nested":{"path":"parts","query":@,"inner_hits":{}}}}', index: 'nested' },
  {
    body: '{"query":{"nested":{"path":"parts","query":{"match_all":{}},"inner_hits":{"highlight":{"require_field_match":false,"highlight_query":@,"fields":{"parts.territory_path":{}}}}}}}',
    index: 'nested',
  },
  {
    body: '{"collapse":{"field":"kind","inner_hits":{"name":"n","size":9,"sort":[{"parts.rank":{"nested":{"path":"parts","filter":@}}}]}}}',
    index: 'nested',
  },
  { body: '{"query":{"knn":{"field":"vector","query_vector":[1,1],"k":20,"num_candidates":50,"filter":@}}}' },
  { body: '{"query":{"knn":{"field":"vector","query_vector":[1,1],"k":20,"num_candidates":50,"filter":[@]}}}' },
  { body: '{"query":{"pinned":{"ids":["nantes"],"organic":@}}}', lacking: XPACK },
  { body: '{"query":{"rule":{"organic":@,"ruleset_ids":["r"],"match_criteria":{"a":"b"}}}}', lacking: XPACK },
  { body: '{"query":{"rule_query":{"organic":@,"ruleset_ids":["r"],"match_criteria":{"a":"b"}}}}', lacking: XPACK },
  { body: '{"query":{"bool":{"mustNot":@}}}' },

  // Aggregations.
  { body: '{"size":0,"aggs":{"x":{"filter":@}}}' },
  { body: '{"size":0,"aggregations":{"x":{"filter":@,"aggs":{"y":{"terms":{"field":"kind"}}}}}}' },
  { body: '{"size":0,"aggs":{"x":{"terms":{"field":"kind"},"aggs":{"y":{"filter":@}}}}}' },
  { body: '{"size":0,"aggs":{"x":{"terms":{"field":"kind"},"aggregations":{"y":{"filter":@}}}}}' },
  { body: '{"size":0,"aggs":{"x":{"filters":{"filters":{"a":@,"b":{"match":{"text":"paris"}}}}}}}' },
  { body: '{"size":0,"aggs":{"x":{"filters":{"filters":[@,{"match":{"text":"paris"}}]}}}}' },
  { body: '{"size":0,"aggs":{"x":{"adjacency_matrix":{"filters":{"a":@,"b":{"match":{"text":"lyon"}}}}}}}' },
  {
    body: '{"size":0,"query":{"match":{"text":"lyon"}},"aggs":{"x":{"significant_terms":{"field":"kind","min_doc_count":1,"background_filter":@}}}}',
  },
  {
    body: '{"size":0,"query":{"match":{"text":"lyon"}},"aggs":{"x":{"significant_text":{"field":"text","min_doc_count":1,"background_filter":@}}}}',
  },
  {
    body: '{"size":0,"aggs":{"x":{"top_hits":{"size":50,"highlight":{"require_field_match":false,"highlight_query":@,"fields":{"territory_path":{}}}}}}}',
  },
  {
    body: '{"size":0,"aggs":{"x":{"top_hits":{"size":50,"highlight":{"fields":{"territory_path":{"require_field_match":false,"highlight_query":@}}}}}}}',
  },
  {
    body: '{"size":0,"aggs":{"x":{"top_hits":{"size":50,"sort":[{"parts.rank":{"nested":{"path":"parts","filter":@}}}]}}}}',
    index: 'nested',
  },
  { body: '{"size":0,"aggs":{"x":{"nested":{"path":"parts"},"aggs":{"y":{"filter":@}}}}}', index: 'nested' },
  { body: '{"size":0,"aggs":{"x":{"global":{},"aggs":{"y":{"filter":@}}}}}' },
  { body: '{"size":0,"aggs":{"x":{"frequent_item_sets":{"fields":[{"field":"kind"}],"filter":@}}}}', lacking: XPACK },
  { body: '{"size":0,"aggs":{"x":{"frequent_items":{"fields":[{"field":"kind"}],"filter":@}}}}', lacking: XPACK },
  {
    body: '{"size":0,"aggs":{"x":{"t_test":{"a":{"field":"rank","filter":@},"b":{"field":"rank","filter":{"match_all":{}}}}}}}',
    lacking: XPACK,
  },
  { body: '{"size":0,"aggs":{"x":{"t_test":{"a":{"field":"rank"},"b":{"field":"rank","filter":@}}}}}', lacking: XPACK },
  {
    body: '{"size":0,"aggs":{"x":{"top_metrics":{"metrics":{"field":"rank"},"sort":[{"parts.rank":{"nested":{"path":"parts","filter":@}}}]}}}}',
    lacking: XPACK,
  },
  {
    body: '{"size":0,"aggs":{"k":{"terms":{"field":"kind"},"aggs":{"x":{"bucket_sort":{"sort":[{"a":{"nested":{"path":"p","filter":@}}}]}}}}}}',
    lacking: 'read by no server: a bucket has no nested documents',
  },

  // Retrievers.
  { body: '{"retriever":{"standard":{"query":@}}}' },
  { body: '{"retriever":{"standard":{"query":{"match_all":{}},"filter":@}}}' },
  { body: '{"retriever":{"standard":{"query":{"match_all":{}},"filter":[@,{"match_all":{}}]}}}' },
  {
    body: '{"retriever":{"standard":{"query":{"match_all":{}},"sort":[{"parts.rank":{"nested":{"path":"parts","filter":@}}}]}}}',
    index: 'nested',
  },
  {
    body: '{"retriever":{"standard":{"query":{"match_all":{}},"collapse":{"field":"kind","inner_hits":{"name":"n","size":9,"highlight":{"require_field_match":false,"highlight_query":@,"fields":{"territory_path":{}}}}}}}}',
  },
  { body: '{"retriever":{"knn":{"field":"vector","query_vector":[1,1],"k":20,"num_candidates":50,"filter":@}}}' },
  {
    body: '{"retriever":{"rescorer":{"retriever":{"standard":{"query":{"match_all":{}}}},"rescore":{"window_size":100,"query":{"rescore_query":@}}}}}',
  },
  {
    body: '{"retriever":{"rescorer":{"filter":@,"retriever":{"standard":{"query":{"match_all":{}}}},"rescore":{"window_size":100,"query":{"rescore_query":{"match":{"text":"lyon"}}}}}}}',
  },
  {
    body: '{"retriever":{"rescorer":{"retriever":{"standard":{"query":@}},"rescore":{"window_size":100,"query":{"rescore_query":{"match":{"text":"lyon"}}}}}}}',
  },
  {
    body: '{"retriever":{"rrf":{"filter":@,"retrievers":[{"standard":{"query":{"match_all":{}}}},{"retriever":{"standard":{"query":@}},"weight":2}]}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"rrf":{"retrievers":[{"standard":{"query":@}},{"knn":{"field":"vector","query_vector":[1,1],"k":20,"num_candidates":50,"filter":@}}]}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"linear":{"filter":@,"retrievers":[{"retriever":{"standard":{"query":@}},"weight":2}]}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"text_similarity_reranker":{"filter":@,"retriever":{"standard":{"query":@}},"field":"text","inference_text":"x"}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"rule":{"filter":@,"retriever":{"standard":{"query":@}},"ruleset_ids":["r"],"match_criteria":{}}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"pinned":{"filter":@,"ids":["nantes"],"retriever":{"standard":{"query":@}}}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"diversify":{"filter":@,"type":"mmr","field":"vector","rank_window_size":9,"retriever":{"standard":{"query":@}}}}}',
    lacking: 'new in 9.3',
  },
  {
    body: '{"retriever":{"rrf":{"retrievers":[{"diversify":{"filter":@,"retriever":{"standard":{"query":@}}}}]}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"rrf":{"retrievers":[{"pinned":{"filter":@,"retriever":{"standard":{"query":@}}}}]}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"rrf":{"retrievers":[{"rule":{"filter":@,"retriever":{"standard":{"query":@}}}}]}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"rrf":{"retrievers":[{"text_similarity_reranker":{"filter":@,"retriever":{"standard":{"query":@}}}}]}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"linear":{"retrievers":[{"linear":{"filter":@,"retrievers":[{"standard":{"query":@}}]}}]}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"linear":{"retrievers":[{"rrf":{"filter":@,"retrievers":[{"standard":{"query":@}}]}}]}}}',
    lacking: XPACK,
  },
  {
    body: '{"retriever":{"rrf":{"retrievers":[{"rescorer":{"retriever":{"standard":{"query":@}},"rescore":{"query":{"rescore_query":@}}}}]}}}',
    lacking: XPACK,
  },
];
