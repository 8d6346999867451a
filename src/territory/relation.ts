/** How a unit must lie towards a territory for a document to match; the words are those of `geo_shape`. */
export const RELATIONS = ['within', 'intersects', 'contains', 'disjoint', 'exact'] as const;

export type Relation = (typeof RELATIONS)[number];

export function isRelation(value: unknown): value is Relation {
  return typeof value === 'string' && (RELATIONS as readonly string[]).includes(value);
}

/** The fields with which an index says where its documents are. At least one of the two is needed. */
export interface Layout {
  /** Field with the codes that a document was tagged with. */
  readonly units?: string | undefined;
  /** Field with those codes and those of all units around them. */
  readonly ancestors?: string | undefined;
  /** Whether `ancestors` was filled by atoms (the default) or along the arrows only. */
  readonly ancestorsBy?: 'atoms' | 'arrows' | undefined;
  /** The levels that the fields hold; all where absent. */
  readonly levels?: readonly string[] | undefined;
}
