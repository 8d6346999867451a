/**
 * Where queries stand in a request body, as tables. Made from Elasticsearch's official specification (8.19 and 9.5) and
 * the server's own parsers; the walker knows none of this, so a new query or aggregation is a row here.
 *
 * A row of a production says what the value of a key is:
 * - `X`: an X. Wherever one value may stand, an array of them may too, as Elasticsearch's parsers are lenient there.
 * - `map X`: an object whose keys are names, each value an X (in an array: each element such an object).
 * - `each X`: an object whose keys are names, each value an X, or an array of X.
 * - `text T`: a string in the language T (see `TextUse`).
 * A key without a row holds no query: sort fields, names of aggregations, scripts, documents. It is left alone.
 */
export type Spec = string;

export type Production = Readonly<Record<Spec, Spec>>;

const AGGREGATIONS = { aggs: 'map aggregation', aggregations: 'map aggregation' };
const RETRIEVER = { filter: 'query', retriever: 'retriever' };
const ALIASES = { aliases: 'map alias' };
const DATAFEED = { query: 'query', ...AGGREGATIONS, indices: 'text index', indexes: 'text index' };

export const PRODUCTIONS = {
  /** The body of a search. */
  searchBody: {
    ...AGGREGATIONS,
    collapse: 'collapse',
    highlight: 'highlight',
    knn: 'knnSearch',
    post_filter: 'query',
    query: 'query',
    rescore: 'rescore',
    retriever: 'retriever',
    sort: 'map sortField',
    sub_searches: 'queryBody',
    suggest: 'map suggester',
  },
  /** A body that holds one query: `_count`, `_explain`, `_validate/query`, a highlighter's field, … */
  queryBody: { query: 'query' },
  filterBody: { filter: 'query' },
  indexFilterBody: { index_filter: 'query' },

  knnSearch: { field: 'text field', filter: 'query', inner_hits: 'innerHits' },
  rescore: { query: 'rescoreQuery' },
  rescoreQuery: { rescore_query: 'query' },
  sortField: { nested: 'nestedSort', nested_filter: 'query' },
  nestedSort: { filter: 'query', nested: 'nestedSort' },
  highlight: { highlight_query: 'query', fields: 'map highlightField' },
  highlightField: { highlight_query: 'query' },
  collapse: { inner_hits: 'innerHits', collapse: 'collapse' },
  innerHits: { collapse: 'collapse', highlight: 'highlight', sort: 'map sortField' },
  suggester: { phrase: 'phraseSuggester' },
  phraseSuggester: { collate: 'collate' },
  collate: { query: 'template' },
  /** A mustache template: its text, or an object that holds it. */
  template: { source: 'templateSource', inline: 'templateSource', template: 'templateSource' },

  retriever: {
    diversify: 'wrappedRetriever',
    knn: 'knnSearch',
    linear: 'compoundRetriever',
    pinned: 'wrappedRetriever',
    rescorer: 'rescorerRetriever',
    rrf: 'compoundRetriever',
    rule: 'wrappedRetriever',
    standard: 'standardRetriever',
    text_similarity_reranker: 'wrappedRetriever',
  },
  standardRetriever: { filter: 'query', query: 'query', sort: 'map sortField', collapse: 'collapse' },
  wrappedRetriever: RETRIEVER,
  rescorerRetriever: { ...RETRIEVER, rescore: 'rescore' },
  compoundRetriever: { filter: 'query', retrievers: 'weightedRetriever', fields: 'text field' },

  aggregation: {
    ...AGGREGATIONS,
    adjacency_matrix: 'adjacencyMatrix',
    bucket_sort: 'sortBody',
    filter: 'query',
    filters: 'filtersAggregation',
    frequent_item_sets: 'filterBody',
    frequent_items: 'filterBody',
    significant_terms: 'backgroundFilter',
    significant_text: 'backgroundFilter',
    t_test: 'populations',
    top_hits: 'topHits',
    top_metrics: 'sortBody',
  },
  adjacencyMatrix: { filters: 'map query' },
  filtersAggregation: { filters: 'each query' },
  backgroundFilter: { background_filter: 'query' },
  populations: { a: 'filterBody', b: 'filterBody' },
  topHits: { highlight: 'highlight', sort: 'map sortField' },
  sortBody: { sort: 'map sortField' },

  /** `function_score.functions[]`. */
  scoreFunction: {
    exp: 'fieldKeys',
    field_value_factor: 'fieldProperty',
    filter: 'query',
    gauss: 'fieldKeys',
    linear: 'fieldKeys',
    random_score: 'fieldProperty',
  },
  fieldProperty: { field: 'text field' },
  termsSet: { minimum_should_match_field: 'text field' },
  /** A rule of an intervals query; its `filter` is no query, but rules. */
  intervals: {
    all_of: 'intervalsList',
    any_of: 'intervalsList',
    fuzzy: 'intervalsOfField',
    match: 'intervalsOfField',
    prefix: 'intervalsOfField',
    range: 'intervalsOfField',
    regexp: 'intervalsOfField',
    wildcard: 'intervalsOfField',
  },
  intervalsList: { filter: 'map intervals', intervals: 'intervals' },
  intervalsOfField: { filter: 'map intervals', use_field: 'text field' },

  // Bodies of single endpoints.
  reindex: { source: 'reindexSource' },
  mvt: { ...AGGREGATIONS, query: 'query', sort: 'map sortField' },
  knnSearchBody: { filter: 'query', knn: 'knnSearch' },
  rankEval: { requests: 'rankEvalRequest', templates: 'rankEvalTemplate' },
  rankEvalRequest: { request: 'searchBody' },
  rankEvalTemplate: { template: 'template' },
  graph: { query: 'query', connections: 'graph' },
  painlessExecute: { context_setup: 'painlessContext' },
  painlessContext: { index: 'text index', query: 'query' },
  sql: { filter: 'query', query: 'text sql' },
  esql: { filter: 'query', query: 'text esql' },
  eql: { filter: 'query', query: 'text eql' },

  // Definitions.
  alias: { filter: 'query' },
  aliasesBody: ALIASES,
  templateBody: { template: 'aliasesBody' },
  aliasActions: { actions: 'aliasAction' },
  aliasAction: { add: 'alias' },
  ingestSimulate: {
    component_template_substitutions: 'map templateBody',
    index_template_substitutions: 'map templateBody',
  },
  role: { indices: 'indexPrivilege', remote_indices: 'indexPrivilege' },
  roles: { roles: 'map role' },
  indexPrivilege: { query: 'roleQuery' },
  roleQueryTemplate: { source: 'roleQuery' },
  apiKey: { role_descriptors: 'map role' },
  grantedApiKey: { api_key: 'apiKey' },
  crossClusterApiKey: { access: 'crossClusterAccess' },
  crossClusterAccess: { search: 'indexPrivilege' },
  transform: { source: 'sourceQuery', pivot: 'pivot' },
  sourceQuery: { index: 'text index', query: 'query' },
  pivot: AGGREGATIONS,
  enrichPolicy: { geo_match: 'enrichSource', match: 'enrichSource', range: 'enrichSource' },
  enrichSource: { indices: 'text index', query: 'query' },
  datafeed: DATAFEED,
  datafeedPreview: { datafeed_config: 'datafeed', job_config: 'anomalyDetector' },
  anomalyDetector: { datafeed_config: 'datafeed' },
  dataFrameAnalytics: { source: 'sourceQuery' },
  dataFramePreview: { config: 'dataFrameAnalytics' },
  dataFrameEvaluate: { index: 'text index', query: 'query' },
  trainedModel: { inference_config: 'inferenceConfig' },
  inferenceConfig: { learning_to_rank: 'learningToRank' },
  learningToRank: { feature_extractors: 'map queryBody' },
  watch: { actions: 'map watchAction', input: 'watchInput', transform: 'watchTransform' },
  watchExecute: { watch: 'watch' },
  watchAction: { transform: 'watchTransform' },
  watchInput: { chain: 'watchChain', search: 'watchSearch', transform: 'watchTransform' },
  watchChain: { inputs: 'map watchInput' },
  watchTransform: { chain: 'watchTransform', search: 'watchSearch' },
  watchSearch: { request: 'watchRequest' },
  watchRequest: { body: 'searchBody', template: 'template' },
  storedView: { query: 'text esql' },
} satisfies Record<string, Production>;

/** Productions that share the rows of another, and have rows of their own. */
export const EXTENDED: Readonly<Record<string, { readonly of: keyof typeof PRODUCTIONS; readonly rows: Production }>> =
  {
    reindexSource: { of: 'searchBody', rows: { index: 'text index' } },
    /** `rrf.retrievers[]`: a retriever, or one with its weight. */
    weightedRetriever: { of: 'retriever', rows: { retriever: 'retriever' } },
  };

/** Strings that are no query by themselves, but may name the shorthand. */
export type TextUse =
  /** The name of a field, perhaps with a boost. */
  | 'field'
  /** The field of `exists`. */
  | 'exists'
  /** The text of a `query_string`. */
  | 'lucene'
  | 'simple'
  | 'kql'
  | 'sql'
  | 'esql'
  | 'eql'
  /** A query in base64. */
  | 'wrapper'
  /** A mustache template. */
  | 'template'
  /** A query as JSON in a string. */
  | 'json'
  /** An index that the request reads. */
  | 'index'
  /** Anything that may hold a query in a way that is not known here. */
  | 'any';

export type LeafForm = 'term' | 'terms' | 'match' | 'match_phrase';

/** How a query names its field, if it has one, and where queries lie inside it. */
export interface QueryRow {
  /** The shorthand may be the key in it: it is expanded. */
  readonly leaf?: LeafForm;
  /** Keys are fields: the shorthand among them is refused. */
  readonly keys?: true;
  /** What lies under such a key. */
  readonly parameters?: keyof typeof PRODUCTIONS;
  readonly inside?: Production;
}

const COMPOUND_HITS = { inner_hits: 'innerHits', query: 'query' };
const FIELD = { field: 'text field' };
const FIELDS = { fields: 'text field' };
const BIG_AND_LITTLE = { inside: { big: 'spanQuery', little: 'spanQuery' } };
const BY_KEY: QueryRow = { keys: true };

/** Every query type. One that is missing here (a plug-in's) is searched for any mention of the shorthand, and refused. */
export const QUERIES: Readonly<Record<string, QueryRow>> = {
  bool: { inside: { filter: 'query', must: 'query', must_not: 'query', mustNot: 'query', should: 'query' } },
  boosting: { inside: { negative: 'query', positive: 'query' } },
  combined_fields: { inside: FIELDS },
  common: BY_KEY,
  constant_score: { inside: { filter: 'query' } },
  dis_max: { inside: { queries: 'query' } },
  distance_feature: { inside: FIELD },
  exists: { inside: { field: 'text exists' } },
  field_masking_span: { inside: { ...FIELD, query: 'spanQuery' } },
  function_score: {
    inside: {
      exp: 'fieldKeys',
      field_value_factor: 'fieldProperty',
      functions: 'scoreFunction',
      gauss: 'fieldKeys',
      linear: 'fieldKeys',
      query: 'query',
      random_score: 'fieldProperty',
    },
  },
  fuzzy: BY_KEY,
  geo_bounding_box: BY_KEY,
  geo_distance: BY_KEY,
  geo_grid: BY_KEY,
  geo_polygon: BY_KEY,
  geo_shape: BY_KEY,
  has_child: { inside: COMPOUND_HITS },
  has_parent: { inside: COMPOUND_HITS },
  ids: {},
  intervals: { keys: true, parameters: 'intervals' },
  knn: { inside: { ...FIELD, filter: 'query' } },
  kql: { inside: { default_field: 'text field', query: 'text kql' } },
  match: { leaf: 'match' },
  match_all: {},
  match_bool_prefix: BY_KEY,
  match_none: {},
  match_phrase: { leaf: 'match_phrase' },
  match_phrase_prefix: BY_KEY,
  more_like_this: { inside: FIELDS },
  multi_match: { inside: FIELDS },
  nested: { inside: COMPOUND_HITS },
  parent_id: {},
  percolate: { inside: FIELD },
  pinned: { inside: { organic: 'query' } },
  prefix: BY_KEY,
  query_string: { inside: { default_field: 'text field', fields: 'text field', query: 'text lucene' } },
  random_sampling: {},
  range: BY_KEY,
  rank_feature: { inside: FIELD },
  regexp: BY_KEY,
  rule: { inside: { organic: 'query' } },
  rule_query: { inside: { organic: 'query' } },
  script: {},
  script_score: { inside: { query: 'query' } },
  semantic: { inside: FIELD },
  shape: BY_KEY,
  simple_query_string: { inside: { default_field: 'text field', fields: 'text field', query: 'text simple' } },
  span_containing: BIG_AND_LITTLE,
  span_field_masking: { inside: { ...FIELD, query: 'spanQuery' } },
  span_first: { inside: { match: 'spanQuery' } },
  span_gap: BY_KEY,
  span_multi: { inside: { match: 'multiTermQuery' } },
  span_near: { inside: { clauses: 'spanQuery' } },
  span_not: { inside: { exclude: 'spanQuery', include: 'spanQuery' } },
  span_or: { inside: { clauses: 'spanQuery' } },
  span_term: BY_KEY,
  span_within: BIG_AND_LITTLE,
  sparse_vector: { inside: FIELD },
  term: { leaf: 'term' },
  terms: { leaf: 'terms' },
  terms_set: { keys: true, parameters: 'termsSet' },
  text_expansion: BY_KEY,
  type: {},
  weighted_tokens: BY_KEY,
  wildcard: BY_KEY,
  wrapper: { inside: { query: 'text wrapper' } },
};

/** Positions that take queries of some types only; the shorthand is none of them, and is refused with the reason. */
export const RESTRICTED: Readonly<Record<string, string>> = {
  spanQuery: 'a span query takes only span queries; put the territory beside it, in the "filter" of a "bool"',
  multiTermQuery:
    '"span_multi" takes only prefix, wildcard, fuzzy, range and regexp queries; put the territory beside it, in the "filter" of a "bool"',
};
