import { TerritoryUnsupportedError } from '../../src/territory/errors.js';
import { searched, searchedText, terms } from './small-tree.js';

/** Where `@` stands a query can: it is written with the shorthand, and expected with the expansion. */
const POSITIONS: readonly string[] = [
  '{"query":@}',
  '{"post_filter":@}',
  '{"query":{"bool":{"must":@}}}',
  '{"query":{"bool":{"must":[@,{"match_all":{}}]}}}',
  '{"query":{"bool":{"must_not":[@]}}}',
  '{"query":{"bool":{"mustNot":@}}}',
  '{"query":{"bool":{"should":[{"term":{"a":1}},@]}}}',
  '{"query":{"bool":{"filter":@}}}',
  '{"query":{"boosting":{"positive":@,"negative":{"match_all":{}},"negative_boost":0.5}}}',
  '{"query":{"boosting":{"negative":@}}}',
  '{"query":{"constant_score":{"filter":@}}}',
  '{"query":{"dis_max":{"queries":[@]}}}',
  '{"query":{"dis_max":{"queries":@}}}',
  '{"query":{"function_score":{"query":@}}}',
  '{"query":{"function_score":{"functions":[{"filter":@,"weight":2}]}}}',
  '{"query":{"has_child":{"type":"x","query":@}}}',
  '{"query":{"has_parent":{"parent_type":"x","query":@}}}',
  '{"query":{"nested":{"path":"x","query":@}}}',
  '{"query":{"nested":{"path":"x","query":{"match_all":{}},"inner_hits":{"highlight":{"highlight_query":@}}}}}',
  '{"query":{"nested":{"path":"x","query":{"match_all":{}},"inner_hits":{"sort":[{"a":{"nested":{"filter":@}}}]}}}}',
  '{"query":{"nested":{"path":"x","inner_hits":{"collapse":{"inner_hits":{"highlight":{"highlight_query":@}}}}}}}',
  '{"query":{"knn":{"field":"v","filter":[@]}}}',
  '{"query":{"pinned":{"ids":["1"],"organic":@}}}',
  '{"query":{"rule":{"organic":@,"ruleset_ids":["x"]}}}',
  '{"query":{"rule_query":{"organic":@}}}',
  '{"query":{"script_score":{"query":@,"script":{"source":"1"}}}}',
  '{"aggs":{"x":{"filter":@}}}',
  '{"aggregations":{"x":{"filter":@,"aggs":{"y":{"filter":@}}}}}',
  '{"aggs":{"x":{"filters":{"filters":{"a":@,"b":@}}}}}',
  '{"aggs":{"x":{"filters":{"filters":[@,@]}}}}',
  '{"aggs":{"x":{"adjacency_matrix":{"filters":{"a":@}}}}}',
  '{"aggs":{"x":{"frequent_item_sets":{"filter":@}}}}',
  '{"aggs":{"x":{"frequent_items":{"filter":@}}}}',
  '{"aggs":{"x":{"significant_terms":{"field":"a","background_filter":@}}}}',
  '{"aggs":{"x":{"significant_text":{"field":"a","background_filter":@}}}}',
  '{"aggs":{"x":{"t_test":{"a":{"field":"f","filter":@},"b":{"field":"f","filter":@}}}}}',
  '{"aggs":{"x":{"top_hits":{"highlight":{"fields":{"a":{"highlight_query":@}}}}}}}',
  '{"aggs":{"x":{"top_hits":{"sort":{"a":{"nested":{"filter":@}}}}}}}',
  '{"aggs":{"x":{"top_metrics":{"sort":[{"a":{"nested":{"nested":{"filter":@}}}}]}}}}',
  '{"aggs":{"x":{"bucket_sort":{"sort":[{"a":{"nested":{"filter":@}}}]}}}}',
  '{"aggs":{"x":{"terms":{"field":"a"},"aggs":{"y":{"filter":@}}}}}',
  '{"sort":[{"a":{"nested":{"path":"p","filter":@,"nested":{"filter":@}}}}]}',
  '{"sort":{"_geo_distance":{"p":[1,2],"nested":{"filter":@}}}}',
  '{"sort":[{"_script":{"nested":{"filter":@}}}]}',
  '{"highlight":{"highlight_query":@,"fields":{"a":{"highlight_query":@}}}}',
  '{"highlight":{"fields":[{"a":{"highlight_query":@}}]}}',
  '{"rescore":{"query":{"rescore_query":@}}}',
  '{"rescore":[{"query":{"rescore_query":@}}]}',
  '{"collapse":{"field":"f","inner_hits":[{"name":"n","highlight":{"highlight_query":@}}]}}',
  '{"collapse":{"field":"f","collapse":{"inner_hits":{"sort":{"a":{"nested":{"filter":@}}}}}}}',
  '{"knn":{"field":"v","filter":@}}',
  '{"knn":[{"field":"v","filter":[@]}]}',
  '{"knn":{"field":"v","inner_hits":{"highlight":{"highlight_query":@}}}}',
  '{"sub_searches":[{"query":@}]}',
  '{"retriever":{"standard":{"query":@,"filter":[@],"sort":{"a":{"nested":{"filter":@}}}}}}',
  '{"retriever":{"standard":{"collapse":{"inner_hits":{"highlight":{"highlight_query":@}}}}}}',
  '{"retriever":{"knn":{"field":"v","filter":@}}}',
  '{"retriever":{"rrf":{"filter":@,"retrievers":[{"standard":{"query":@}},{"retriever":{"standard":{"query":@}},"weight":2}]}}}',
  '{"retriever":{"linear":{"filter":@,"retrievers":[{"retriever":{"standard":{"query":@}}}]}}}',
  '{"retriever":{"text_similarity_reranker":{"filter":@,"retriever":{"standard":{"query":@}}}}}',
  '{"retriever":{"rule":{"filter":@,"retriever":{"standard":{"query":@}}}}}',
  '{"retriever":{"rescorer":{"filter":@,"retriever":{"standard":{"query":@}},"rescore":{"query":{"rescore_query":@}}}}}',
  '{"retriever":{"pinned":{"filter":@,"retriever":{"standard":{"query":@}}}}}',
  '{"retriever":{"diversify":{"filter":@,"retriever":{"standard":{"query":@}}}}}',
];

const FORMS = ['"term":{"territory":"DEP:69"}', '"territory":{"codes":["DEP:69"]}', '"territory" : "DEP:69"'];

it.each(POSITIONS)('%s is a place for a query', (template) => {
  const expansion = JSON.stringify(terms('DEP:69')).slice(1, -1);
  for (const form of FORMS) {
    const body = template.replaceAll('@', `{ ${form}/* c */}`);
    expect(searchedText(body)).toBe(template.replaceAll('@', `{ ${expansion}/* c */}`));
  }
});

const FALSE_FRIENDS: readonly string[] = [
  '{"sort":["territory",{"territory":"asc"}]}',
  '{"sort":[{"territory":{"order":"asc","nested":{"path":"territory"}}}]}',
  '{"aggs":{"territory":{"terms":{"field":"territory"}}}}',
  '{"aggs":{"territory":{"filter":{"match_all":{}},"meta":{"territory":"x"}}}}',
  '{"aggs":{"x":{"filters":{"filters":{"territory":{"match_all":{}}}}}}}',
  '{"highlight":{"fields":{"territory":{"type":"plain"}}}}',
  '{"highlight":{"fields":[{"territory":{}}]}}',
  '{"_source":["territory"],"fields":["territory"],"docvalue_fields":[{"field":"territory"}],"stored_fields":"territory"}',
  '{"collapse":{"field":"territory"}}',
  '{"script_fields":{"territory":{"script":{"source":"doc.territory"}}}}',
  '{"runtime_mappings":{"territory":{"type":"keyword"}}}',
  '{"query":{"term":{"name":"territory"}}}',
  '{"query":{"match":{"name":{"query":"territory:COM:69123"}}}}',
  '{"query":{"bool":{"filter":{"term":{"territorial":"DEP:69"}},"_name":"territory"}}}',
  '{"query":{"percolate":{"field":"q","document":{"territory":{"term":{"territory":"DEP:69"}}}}}}',
  '{"query":{"ids":{"values":["territory"]}}}',
  '{"query":{"intervals":{"title":{"match":{"query":"territory","filter":{"after":{"match":{"query":"territory"}}}}}}}}',
  '{"query":{"nested":{"path":"territory","query":{"match_all":{}}}}}',
  '{"query":{"script":{"script":{"params":{"territory":{"term":{"territory":"DEP:69"}}}}}}}',
  '{"query":{"multi_match":{"query":"territory","fields":["title"]}}}',
  '{"query":{"query_string":{"query":"the territory of \\"territory\\" names:territory"}}}',
  '{"query":{"simple_query_string":{"query":"territory + territorial","fields":["title"]}}}',
  '{"query":{"kql":{"query":"title:territory"}}}',
  '{"suggest":{"territory":{"text":"territory","term":{"field":"territory"}}}}',
  '{"ext":{"territory":{"codes":["DEP:69"]}}}',
  '{"indices_boost":[{"territory":1.5}],"stats":["territory"]}',
  '{"query":{"function_score":{"functions":[{"script_score":{"script":{"source":"territory"}}}]}}}',
];

it.each(FALSE_FRIENDS)('%s only looks so, and passes', (body) => {
  expect(searchedText(body)).toBeUndefined();
});

const REFUSED: readonly (readonly [body: string, reason: RegExp])[] = [
  ...['range', 'prefix', 'wildcard', 'regexp', 'fuzzy', 'terms_set', 'intervals', 'span_term', 'match_bool_prefix'].map(
    (query) =>
      [`{"query":{"${query}":{"territory":{"value":"DEP:69"}}}}`, new RegExp(`the field of \\[${query}\\]`)] as const,
  ),
  ...['match_phrase_prefix', 'geo_shape', 'text_expansion', 'common', 'shape', 'weighted_tokens'].map(
    (query) => [`{"query":{"${query}":{"territory":{}}}}`, new RegExp(`the field of \\[${query}\\]`)] as const,
  ),
  ['{"query":{"range":{"territory.within":{"gte":1}}}}', /at query\.range/],
  ['{"query":{"multi_match":{"query":"x","fields":["title","territory^2"]}}}', /among the fields of \[multi_match\]/],
  ['{"query":{"combined_fields":{"query":"x","fields":["territory"]}}}', /among the fields of \[combined_fields\]/],
  ['{"query":{"more_like_this":{"like":"x","fields":["territory"]}}}', /among the fields/],
  ['{"query":{"query_string":{"query":"x","default_field":"territory"}}}', /among the fields of \[query_string\]/],
  ['{"query":{"query_string":{"query":"x","fields":["territory.within"]}}}', /among the fields of \[query_string\]/],
  ['{"query":{"simple_query_string":{"query":"x","fields":["territory"]}}}', /among the fields/],
  ['{"query":{"simple_query_string":{"query":"tax +territory:DEP:69"}}}', /use query_string/],
  ['{"query":{"kql":{"query":"tax and territory: \\"DEP:69\\""}}}', /\[kql\]/],
  [
    '{"query":{"intervals":{"title":{"all_of":{"intervals":[{"match":{"query":"x","use_field":"territory"}}]}}}}}',
    /among the fields of \[match\]/,
  ],
  [
    '{"query":{"terms_set":{"title":{"terms":["x"],"minimum_should_match_field":"territory"}}}}',
    /minimum_should_match_field/,
  ],
  ['{"query":{"distance_feature":{"field":"territory"}}}', /among the fields of \[distance_feature\]/],
  ['{"query":{"function_score":{"gauss":{"territory":{"origin":1}}}}}', /the field of \[gauss\]/],
  ['{"query":{"function_score":{"field_value_factor":{"field":"territory"}}}}', /field_value_factor/],
  ['{"query":{"span_near":{"clauses":[{"territory":"DEP:69"}]}}}', /span queries/],
  ['{"query":{"span_near":{"clauses":[{"span_term":{"territory":"DEP:69"}}]}}}', /the field of \[span_term\]/],
  ['{"query":{"span_multi":{"match":{"term":{"territory":"DEP:69"}}}}}', /"span_multi" takes only/],
  ['{"query":{"span_multi":{"match":{"prefix":{"territory":"DEP"}}}}}', /the field of \[prefix\]/],
  [
    '{"query":{"my_plugin":{"inner":{"term":{"territory":"DEP:69"}}}}}',
    /does not know.*at query\.my_plugin\.inner\.term\.territory/,
  ],
  ['{"query":{"my_plugin":{"text":"x AND territory:DEP:69"}}}', /does not know/],
  [
    '{"query":{"term":{"territory.inside":"DEP:69"}}}',
    /\[inside\] in \[territory\.inside\] is no relation; there are within/,
  ],
  ['{"query":{"term":{"territory":{"value":"DEP:69","case_insensitive":true}}}}', /case_insensitive/],
  ['{"query":{"match":{"territory":{"query":"DEP:69","fuzziness":"AUTO"}}}}', /fuzziness/],
  ['{"query":{"match":{"territory":{"query":"DEP:69","analyzer":"x"}}}}', /analyzer/],
  ['{"query":{"terms":{"territory":{"index":"a","id":"1","path":"p"}}}}', /looks its values up/],
  ['{"query":{"term":{"territory":69}}}', /takes text.*not 69/],
  ['{"query":{"term":{"territory":null}}}', /not null/],
  ['{"query":{"terms":{"territory":"DEP:69"}}}', /takes an array/],
  ['{"query":{"terms":{"territory":["DEP:69",69]}}}', /not 69/],
  ['{"query":{"match":{"territory":["DEP:69"]}}}', /not an array/],
  ['{"query":{"match":{"territory":{"operator":"and"}}}}', /has no \[query\]/],
  ['{"query":{"match":{"title":"x","territory":"DEP:69"}}}', /takes one field/],
  ['{"query":{"territory":{}}}', /names no territory/],
  ['{"query":{"territory":["DEP:69"]}}', /takes a set expression, or an object/],
  ['{"query":{"territory":{"codes":["DEP:69"],"expression":"DEP:01"}}}', /not both/],
  ['{"query":{"territory":{"codes":["DEP:69"],"relation":"near"}}}', /\[near\] is no relation/],
  ['{"query":{"territory.within":{"codes":["DEP:69"],"relation":"contains"}}}', /contradict/],
  ['{"query":{"territory":{"codes":["DEP:69"],"fuzzy":true}}}', /can't have \[fuzzy\]/],
  ['{"query":{"territory":"DEP:69 |"}}', /at query\.territory/],
  ['{"query":{"exists":{"field":"territory.within"}}}', /\[exists\] of \[territory\.within\]/],
  ['{"query":{"query_string":{"query":"territory:DEP*"}}}', /[Ww]ildcard/],
  [
    '{"suggest":{"s":{"phrase":{"collate":{"query":{"source":"{\\"term\\":{\\"territory\\":\\"{{x}}\\"}}"}}}}}}',
    /mustache/,
  ],
  [
    '{"suggest":{"s":{"phrase":{"collate":{"query":{"source":{"term":{"territory":"{{suggestion}}"}}}}}}}}',
    /does not know|mustache/,
  ],
];

it.each(REFUSED)('%s is refused', (body, reason) => {
  let caught: unknown;
  try {
    searched(body);
  } catch (error) {
    caught = error;
  }
  expect(caught).toMatchObject({ status: 400, message: expect.stringMatching(reason) });
});

it('a refusal names the place in words', () => {
  const body = '{"query":{"bool":{"filter":[{"match_all":{}},{"range":{"territory":{"gte":1}}}]}}}';
  expect(() => searched(body)).toThrow(TerritoryUnsupportedError);
  expect(() => searched(body)).toThrow(/at query\.bool\.filter\[1\]\.range\.territory/);
});
