/**
 * What the body of each endpoint may be, by its production in the grammar: places for a query as `@`. Between them they
 * go through every row of the grammar that is not below a search (those have scenarios of their own).
 */
export const BODIES: Readonly<Record<string, readonly string[]>> = {
  searchBody: ['{"query":@}'],
  mvt: [
    '{"query":@,"aggs":{"x":{"filter":@}}}',
    '{"aggregations":{"x":{"filter":@}},"sort":[{"a":{"nested":{"path":"p","filter":@}}}]}',
  ],
  knnSearchBody: [
    '{"knn":{"field":"v","query_vector":[1],"k":1,"num_candidates":1},"filter":@}',
    '{"knn":{"field":"v","filter":@}}',
  ],
  queryBody: ['{"query":@}'],
  reindex: [
    '{"source":{"index":"articles","query":@},"dest":{"index":"copy"}}',
    '{"source":{"index":"articles","sort":{"a":{"nested":{"path":"p","filter":@}}},"post_filter":@,"aggs":{"x":{"filter":@}},"aggregations":{"y":{"filter":@}}},"dest":{"index":"copy"}}',
    '{"source":{"index":"articles","highlight":{"highlight_query":@},"knn":{"field":"v","filter":@},"rescore":{"query":{"rescore_query":@}}},"dest":{"index":"copy"}}',
    '{"source":{"index":"articles","retriever":{"standard":{"query":@}}},"dest":{"index":"copy"}}',
    '{"source":{"index":"articles","collapse":{"field":"f","inner_hits":{"highlight":{"highlight_query":@}}},"sub_searches":[{"query":@}]},"dest":{"index":"copy"}}',
  ],
  indexFilterBody: ['{"index_filter":@}'],
  rankEval: ['{"requests":[{"id":"a","request":{"query":@},"ratings":[]}],"metric":{"precision":{}}}'],
  graph: [
    '{"query":@,"vertices":[{"field":"kind"}],"connections":{"query":@,"vertices":[{"field":"kind"}],"connections":{"query":@}}}',
  ],
  painlessExecute: [
    '{"script":{"source":"1"},"context":"score","context_setup":{"index":"articles","document":{},"query":@}}',
  ],
  sql: ['{"query":"SELECT 1","filter":@}'],
  esql: ['{"query":"FROM articles","filter":@}'],
  eql: ['{"query":"any where true","filter":@}'],
  alias: ['{"filter":@}'],
  aliasActions: [
    '{"actions":[{"add":{"index":"articles","alias":"a","filter":@}},{"remove":{"index":"articles","alias":"b"}}]}',
  ],
  aliasesBody: ['{"aliases":{"a":{"filter":@},"b":{}}}'],
  templateBody: ['{"index_patterns":["articles-*"],"template":{"aliases":{"a":{"filter":@}}}}'],
  ingestSimulate: [
    '{"docs":[],"component_template_substitutions":{"c":{"template":{"aliases":{"a":{"filter":@}}}}}}',
    '{"docs":[],"index_template_substitutions":{"c":{"template":{"aliases":{"a":{"filter":@}}}}}}',
  ],
  roles: [
    '{"roles":{"r":{"remote_indices":[{"clusters":["c"],"names":["articles"],"privileges":["read"],"query":@}]}}}',
    '{"roles":{"r":{"indices":[{"names":["articles"],"privileges":["read"],"query":@}]}}}',
  ],
  role: [
    '{"indices":[{"names":["articles"],"privileges":["read"],"query":@}]}',
    '{"remote_indices":[{"clusters":["c"],"names":["articles"],"privileges":["read"],"query":@}]}',
  ],
  apiKey: [
    '{"name":"k","role_descriptors":{"r":{"remote_indices":[{"clusters":["c"],"names":["articles"],"query":@}]}}}',
    '{"name":"k","role_descriptors":{"r":{"indices":[{"names":["articles"],"privileges":["read"],"query":@}]}}}',
  ],
  grantedApiKey: [
    '{"grant_type":"password","api_key":{"name":"k","role_descriptors":{"r":{"remote_indices":[{"clusters":["c"],"names":["articles"],"query":@}]}}}}',
    '{"grant_type":"password","api_key":{"name":"k","role_descriptors":{"r":{"indices":[{"names":["articles"],"query":@}]}}}}',
  ],
  crossClusterApiKey: ['{"name":"k","access":{"search":[{"names":["articles"],"query":@}]}}'],
  transform: [
    '{"source":{"index":"articles","query":@},"pivot":{"group_by":{},"aggregations":{"x":{"filter":@}}},"dest":{"index":"copy"}}',
    '{"source":{"index":"articles"},"pivot":{"aggs":{"x":{"filter":@}}}}',
  ],
  enrichPolicy: [
    '{"match":{"indices":"articles","match_field":"kind","enrich_fields":["rank"],"query":@}}',
    '{"range":{"indices":["articles"],"match_field":"kind","enrich_fields":["rank"],"query":@}}',
    '{"geo_match":{"indices":"articles","match_field":"kind","enrich_fields":["rank"],"query":@}}',
  ],
  watch: WATCHES(),
  watchExecute: WATCHES().map((watch) => `{"watch":${watch}}`),
  dataFrameEvaluate: ['{"index":"articles","query":@,"evaluation":{}}'],
  dataFrameAnalytics: [
    '{"source":{"index":"articles","query":@},"analysis":{"outlier_detection":{}},"dest":{"index":"copy"}}',
  ],
  dataFramePreview: ['{"config":{"source":{"index":"articles","query":@},"analysis":{"outlier_detection":{}}}}'],
  datafeedPreview: [
    '{"datafeed_config":{"indices":["articles"],"query":@,"aggregations":{"x":{"filter":@}}},"job_config":{}}',
    '{"datafeed_config":{"indices":["articles"],"query":@,"aggs":{"x":{"filter":@}}},"job_config":{}}',
    '{"job_config":{"datafeed_config":{"indices":["articles"],"query":@}}}',
  ],
  datafeed: [
    '{"job_id":"j","indices":["articles"],"query":@,"aggs":{"x":{"filter":@}}}',
    '{"job_id":"j","indexes":["articles"],"aggregations":{"x":{"filter":@}}}',
  ],
  anomalyDetector: [
    '{"datafeed_config":{"indices":["articles"],"query":@,"aggs":{"x":{"filter":@}}}}',
    '{"datafeed_config":{"indices":["articles"],"aggregations":{"x":{"filter":@}}}}',
  ],
  trainedModel: [
    '{"inference_config":{"learning_to_rank":{"feature_extractors":[{"query_extractor":{"feature_name":"f","query":@}}]}}}',
  ],
};

function WATCHES(): string[] {
  const search = '{"search":{"request":{"indices":["articles"],"body":{"query":@}}}}';
  return [
    `{"trigger":{},"input":${search},"actions":{}}`,
    `{"trigger":{},"input":{"chain":{"inputs":[{"first":${search}},{"second":{"transform":${search}}}]}},"actions":{"a":{"transform":${search}}}}`,
    `{"trigger":{},"transform":{"chain":[${search}]},"actions":{}}`,
  ];
}

/** Productions whose rows have no place for a query written as an object, and why. */
export const WITHOUT: Readonly<Record<string, string>> = {
  storedView: 'its text is in ES|QL',
  document: 'documents, whose percolator fields are named in the configuration',
};

/** Rows that hold a query as text, and so no `@`. */
export const AS_TEXT: ReadonlySet<string> = new Set(['roleQuery.template', 'roleQueryTemplate.source']);
