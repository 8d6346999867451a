/**
 * The endpoints that carry queries, as a table. Everything that is not here carries none: its body streams through.
 *
 * A row: the endpoint's name (as metrics and logs say it), methods, path, what its body is (a production of the
 * grammar), and what is special about it.
 */
import type { TemplateKind } from './template.js';
import type { UrlSearchRule } from './url-search.js';

export interface EndpointTraits {
  /** Whether `q` in the URL is read, and what becomes of a query in the body beside it. */
  readonly q?: UrlSearchRule;
  /** The body is NDJSON: a header and a body for each search. */
  readonly lines?: true;
  /** What is stored, of which the expansion would freeze today's map. */
  readonly definition?: string;
  /** The name in the path is no index that is searched. */
  readonly anyIndex?: true;
  /** Whose data is searched, where it is the server's own: the shorthand is refused. */
  readonly system?: string;
  /** What is sent is a template, or names one. */
  readonly template?: TemplateKind;
  /** Documents, in which a field may hold a percolator query. */
  readonly documents?: 'one' | 'update' | 'bulk';
}

export interface Endpoint extends EndpointTraits {
  readonly name: string;
  readonly methods: readonly string[];
  readonly path: string;
  /** The production of the grammar that its body is. */
  readonly body: string;
}

const SEARCH: EndpointTraits = { q: 'over-body' };
const BY_QUERY: EndpointTraits = { q: 'over-body' };
const COUNT: EndpointTraits = { q: 'without-body' };
const LINES: EndpointTraits = { lines: true };
const RENDERED: EndpointTraits = { template: 'search' };
const RENDERED_LINES: EndpointTraits = { template: 'lines', lines: true };
const APPLICATION: EndpointTraits = { template: 'application' };

const ALIAS: EndpointTraits = { definition: 'an alias filter' };
const TEMPLATE: EndpointTraits = { definition: "a template's alias filter", anyIndex: true };
const NEW_INDEX: EndpointTraits = { definition: 'an alias filter', anyIndex: true };
const ROLE: EndpointTraits = { definition: "a role's document filter" };
const API_KEY: EndpointTraits = { definition: "an API key's document filter" };
const ML: EndpointTraits = { definition: 'a machine learning job' };
const TRANSFORM: EndpointTraits = { definition: 'a transform' };
const WATCH: EndpointTraits = { definition: 'a watch' };

type Row = readonly [name: string, methods: string, path: string, body: string, traits?: EndpointTraits];

const ROWS: readonly Row[] = [
  // Searches.
  ['search', 'GET POST', '/_search', 'searchBody', SEARCH],
  ['search', 'GET POST', '/{index}/_search', 'searchBody', SEARCH],
  ['search', 'GET POST', '/{index}/{type}/_search', 'searchBody', SEARCH],
  ['async_search', 'POST', '/_async_search', 'searchBody', SEARCH],
  ['async_search', 'POST', '/{index}/_async_search', 'searchBody', SEARCH],
  ['rollup_search', 'GET POST', '/{index}/_rollup_search', 'searchBody', SEARCH],
  ['fleet_search', 'GET POST', '/{index}/_fleet/_fleet_search', 'searchBody', SEARCH],
  ['mvt', 'GET POST', '/{index}/_mvt/{field}/{zoom}/{x}/{y}', 'mvt'],
  ['knn_search', 'GET POST', '/{index}/_knn_search', 'knnSearchBody'],
  ['msearch', 'GET POST', '/_msearch', 'searchBody', LINES],
  ['msearch', 'GET POST', '/{index}/_msearch', 'searchBody', LINES],
  ['msearch', 'GET POST', '/{index}/{type}/_msearch', 'searchBody', LINES],
  ['fleet_msearch', 'GET POST', '/_fleet/_fleet_msearch', 'searchBody', LINES],
  ['fleet_msearch', 'GET POST', '/{index}/_fleet/_fleet_msearch', 'searchBody', LINES],

  // One query.
  ['count', 'GET POST', '/_count', 'queryBody', COUNT],
  ['count', 'GET POST', '/{index}/_count', 'queryBody', COUNT],
  ['count', 'GET POST', '/{index}/{type}/_count', 'queryBody', COUNT],
  ['cat_count', 'GET POST', '/_cat/count', 'queryBody', COUNT],
  ['cat_count', 'GET POST', '/_cat/count/{index}', 'queryBody', COUNT],
  ['explain', 'GET POST', '/{index}/_explain/{id}', 'queryBody', COUNT],
  ['explain', 'GET POST', '/{index}/{type}/{id}/_explain', 'queryBody', COUNT],
  ['validate_query', 'GET POST', '/_validate/query', 'queryBody', COUNT],
  ['validate_query', 'GET POST', '/{index}/_validate/query', 'queryBody', COUNT],
  ['validate_query', 'GET POST', '/{index}/{type}/_validate/query', 'queryBody', COUNT],

  // What changes documents.
  ['delete_by_query', 'POST', '/{index}/_delete_by_query', 'searchBody', BY_QUERY],
  ['update_by_query', 'POST', '/{index}/_update_by_query', 'searchBody', BY_QUERY],
  ['delete_by_query', 'POST', '/{index}/{type}/_delete_by_query', 'searchBody', BY_QUERY],
  ['update_by_query', 'POST', '/{index}/{type}/_update_by_query', 'searchBody', BY_QUERY],
  ['reindex', 'POST', '/_reindex', 'reindex'],

  // Filters of indices.
  ['field_caps', 'GET POST', '/_field_caps', 'indexFilterBody'],
  ['field_caps', 'GET POST', '/{index}/_field_caps', 'indexFilterBody'],
  ['terms_enum', 'GET POST', '/{index}/_terms_enum', 'indexFilterBody'],
  ['open_point_in_time', 'POST', '/{index}/_pit', 'indexFilterBody'],
  ['open_point_in_time', 'POST', '/_pit', 'indexFilterBody'],

  // Evaluation and exploration.
  ['rank_eval', 'GET POST', '/_rank_eval', 'rankEval'],
  ['rank_eval', 'GET POST', '/{index}/_rank_eval', 'rankEval'],
  ['graph', 'GET POST', '/{index}/_graph/explore', 'graph'],
  ['graph', 'GET POST', '/{index}/{type}/_graph/explore', 'graph'],
  ['graph', 'GET POST', '/{index}/_xpack/graph/_explore', 'graph'],
  ['graph', 'GET POST', '/{index}/{type}/_xpack/graph/_explore', 'graph'],
  ['profiling', 'POST', '/_profiling/flamegraph', 'queryBody'],
  ['profiling', 'POST', '/_profiling/stacktraces', 'queryBody'],
  ['profiling', 'POST', '/_profiling/topn/functions', 'queryBody'],
  ['painless_execute', 'GET POST', '/_scripts/painless/_execute', 'painlessExecute'],

  // Other languages: their "filter" is a query, their text is not ours.
  ['sql', 'GET POST', '/_sql', 'sql'],
  ['sql', 'GET POST', '/_sql/translate', 'sql'],
  ['esql', 'POST', '/_query', 'esql'],
  ['esql', 'POST', '/_query/async', 'esql'],
  ['eql', 'GET POST', '/{index}/_eql/search', 'eql'],
  ['esql_view', 'PUT', '/_query/view/{name}', 'storedView'],

  // Templates that run: Elasticsearch renders them, and what comes of it is the body.
  ['search_template', 'GET POST', '/_search/template', 'searchBody', RENDERED],
  ['search_template', 'GET POST', '/{index}/_search/template', 'searchBody', RENDERED],
  ['msearch_template', 'GET POST', '/_msearch/template', 'searchBody', RENDERED_LINES],
  ['msearch_template', 'GET POST', '/{index}/_msearch/template', 'searchBody', RENDERED_LINES],
  ['search_template', 'GET POST', '/{index}/{type}/_search/template', 'searchBody', RENDERED],
  ['msearch_template', 'GET POST', '/{index}/{type}/_msearch/template', 'searchBody', RENDERED_LINES],
  // Its indices have an alias of its name.
  ['search_application', 'GET POST', '/_application/search_application/{index}/_search', 'searchBody', APPLICATION],

  // Definitions.
  ['alias', 'PUT POST', '/{index}/_alias/{name}', 'alias', ALIAS],
  ['alias', 'PUT POST', '/{index}/_aliases/{name}', 'alias', ALIAS],
  ['alias', 'PUT', '/{index}/_alias', 'alias', ALIAS],
  ['alias', 'PUT', '/{index}/_aliases', 'alias', ALIAS],
  ['alias', 'PUT', '/_alias', 'alias', ALIAS],
  ['alias', 'PUT POST', '/_alias/{name}', 'alias', ALIAS],
  ['alias', 'PUT POST', '/_aliases/{name}', 'alias', ALIAS],
  ['alias', 'POST', '/_aliases', 'aliasActions', ALIAS],
  ['create_index', 'PUT', '/{index}', 'aliasesBody', ALIAS],
  ['resize_index', 'PUT POST', '/{index}/_clone/{target}', 'aliasesBody', NEW_INDEX],
  ['resize_index', 'PUT POST', '/{index}/_shrink/{target}', 'aliasesBody', NEW_INDEX],
  ['resize_index', 'PUT POST', '/{index}/_split/{target}', 'aliasesBody', NEW_INDEX],
  ['rollover', 'POST', '/{alias}/_rollover', 'aliasesBody', NEW_INDEX],
  ['rollover', 'POST', '/{alias}/_rollover/{new_index}', 'aliasesBody', NEW_INDEX],
  ['index_template', 'PUT POST', '/_template/{name}', 'aliasesBody', TEMPLATE],
  ['index_template', 'PUT POST', '/_index_template/{name}', 'templateBody', TEMPLATE],
  ['index_template', 'PUT POST', '/_component_template/{name}', 'templateBody', TEMPLATE],
  ['index_template', 'POST', '/_index_template/_simulate', 'templateBody', TEMPLATE],
  ['index_template', 'POST', '/_index_template/_simulate/{name}', 'templateBody', TEMPLATE],
  ['index_template', 'POST', '/_index_template/_simulate_index/{name}', 'templateBody', TEMPLATE],
  ['ingest_simulate', 'GET POST', '/_ingest/_simulate', 'ingestSimulate', TEMPLATE],
  ['ingest_simulate', 'GET POST', '/_ingest/{index}/_simulate', 'ingestSimulate', TEMPLATE],
  ['role', 'POST', '/_security/role', 'roles', ROLE],
  ['role', 'PUT POST', '/_security/role/{name}', 'role', ROLE],
  ['api_key', 'PUT POST', '/_security/api_key', 'apiKey', API_KEY],
  ['api_key', 'PUT', '/_security/api_key/{id}', 'apiKey', API_KEY],
  ['api_key', 'POST', '/_security/api_key/_bulk_update', 'apiKey', API_KEY],
  ['api_key', 'POST', '/_security/api_key/grant', 'grantedApiKey', API_KEY],
  ['api_key', 'POST', '/_security/cross_cluster/api_key', 'crossClusterApiKey', API_KEY],
  ['api_key', 'PUT', '/_security/cross_cluster/api_key/{id}', 'crossClusterApiKey', API_KEY],
  ['transform', 'GET POST', '/_transform/_preview', 'transform', TRANSFORM],
  ['transform', 'GET POST', '/_transform/{id}/_preview', 'transform', TRANSFORM],
  ['transform', 'PUT', '/_transform/{id}', 'transform', TRANSFORM],
  ['transform', 'POST', '/_transform/{id}/_update', 'transform', TRANSFORM],
  ['transform', 'GET POST', '/_data_frame/transforms/_preview', 'transform', TRANSFORM],
  ['transform', 'PUT', '/_data_frame/transforms/{id}', 'transform', TRANSFORM],
  ['transform', 'POST', '/_data_frame/transforms/{id}/_update', 'transform', TRANSFORM],
  ['enrich_policy', 'PUT', '/_enrich/policy/{name}', 'enrichPolicy', { definition: 'an enrich policy' }],
  ['watch', 'PUT POST', '/_watcher/watch/{id}', 'watch', WATCH],
  ['watch', 'PUT POST', '/_watcher/watch/_execute', 'watchExecute', WATCH],
  ['watch', 'PUT POST', '/_watcher/watch/{id}/_execute', 'watchExecute', WATCH],
  ['ml', 'POST', '/_ml/data_frame/_evaluate', 'dataFrameEvaluate', ML],
  ['ml', 'GET POST', '/_ml/data_frame/analytics/_explain', 'dataFrameAnalytics', ML],
  ['ml', 'GET POST', '/_ml/data_frame/analytics/{id}/_explain', 'dataFrameAnalytics', ML],
  ['ml', 'GET POST', '/_ml/data_frame/analytics/_preview', 'dataFramePreview', ML],
  ['ml', 'GET POST', '/_ml/data_frame/analytics/{id}/_preview', 'dataFramePreview', ML],
  ['ml', 'PUT', '/_ml/data_frame/analytics/{id}', 'dataFrameAnalytics', ML],
  ['ml', 'GET POST', '/_ml/datafeeds/_preview', 'datafeedPreview', ML],
  ['ml', 'GET POST', '/_ml/datafeeds/{id}/_preview', 'datafeedPreview', ML],
  ['ml', 'PUT', '/_ml/datafeeds/{id}', 'datafeed', ML],
  ['ml', 'POST', '/_ml/datafeeds/{id}/_update', 'datafeed', ML],
  ['ml', 'PUT', '/_ml/anomaly_detectors/{id}', 'anomalyDetector', ML],
  ['ml', 'PUT', '/_ml/trained_models/{id}', 'trainedModel', ML],

  // Searches of the server's own indices.
  ['api_keys', 'GET POST', '/_security/_query/api_key', 'searchBody', { system: 'API keys' }],
  ['roles', 'GET POST', '/_security/_query/role', 'searchBody', { system: 'roles' }],
  ['users', 'GET POST', '/_security/_query/user', 'searchBody', { system: 'users' }],
  ['watches', 'GET POST', '/_watcher/_query/watches', 'searchBody', { system: 'watches' }],
  [
    'search_applications',
    'GET',
    '/_application/search_application',
    'searchBody',
    { system: 'search applications', q: 'over-body' },
  ],

  // Documents, where the configuration names percolator fields.
  ['bulk', 'PUT POST', '/_bulk', 'document', { documents: 'bulk' }],
  ['bulk', 'PUT POST', '/{index}/_bulk', 'document', { documents: 'bulk' }],
  ['index', 'POST', '/{index}/_doc', 'document', { documents: 'one' }],
  ['index', 'PUT POST', '/{index}/_doc/{id}', 'document', { documents: 'one' }],
  ['index', 'PUT POST', '/{index}/_create/{id}', 'document', { documents: 'one' }],
  ['update', 'POST', '/{index}/_update/{id}', 'document', { documents: 'update' }],
  // The same with types, as under 7.x.
  ['bulk', 'PUT POST', '/{index}/{type}/_bulk', 'document', { documents: 'bulk' }],
  ['index', 'POST', '/{index}/{type}', 'document', { documents: 'one' }],
  ['index', 'PUT POST', '/{index}/{type}/{id}', 'document', { documents: 'one' }],
  ['index', 'PUT POST', '/{index}/{type}/{id}/_create', 'document', { documents: 'one' }],
  ['update', 'POST', '/{index}/{type}/{id}/_update', 'document', { documents: 'update' }],
];

/** Stored templates keep their shorthand, and rendering changes nothing: these are not looked at. */
const OTHERS: readonly (readonly [methods: string, path: string])[] = [
  ['PUT', '/_application/search_application/{name}'],
  ['POST', '/_application/search_application/{name}/_render_query'],
  ['GET POST', '/_render/template'],
  ['GET POST', '/_render/template/{id}'],
  ['PUT POST', '/_scripts/{id}'],
  ['PUT POST', '/_scripts/{id}/{context}'],
];

export const ENDPOINTS: readonly Endpoint[] = ROWS.map(([name, methods, path, body, traits]) => ({
  name,
  methods: methods.split(' '),
  path,
  body,
  ...traits,
}));

/** See `OTHERS`: a route that would otherwise be taken for another (`/_scripts/{id}` for `/{index}/{type}`). */
export const UNREAD: readonly { readonly methods: readonly string[]; readonly path: string }[] = OTHERS.map(
  ([methods, path]) => ({ methods: methods.split(' '), path }),
);
