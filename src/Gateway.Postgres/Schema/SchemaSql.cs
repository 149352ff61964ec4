namespace Gateway.Postgres.Schema;

/// <summary>
/// The tables, one step a version. A step is never changed once released: what changes is a further step.
/// <c>{0}</c> is the schema.
/// </summary>
internal static class SchemaSql
{
    /// <summary>
    /// Every table has a primary key, so that of two first writers one fails. A record is small and rewritten all the
    /// time: half of each page is left free and no other column is indexed, so that an update stays on its page.
    /// </summary>
    private const string Reservations = """
        CREATE TABLE {0}.reservations (
            counter_key text COLLATE "C" PRIMARY KEY,
            window_start_ms bigint NOT NULL,
            window_end_ms bigint NOT NULL,
            reserved numeric(28, 9) NOT NULL CHECK (reserved >= 0),
            nonce uuid NOT NULL,
            CHECK (window_end_ms > window_start_ms)
        ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
        CREATE TABLE {0}.reservation_floor (
            only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
            floor_ms bigint NOT NULL
        );
        INSERT INTO {0}.reservation_floor (floor_ms) VALUES (0);
        """;

    /// <summary>The steps in order; the version of a schema is how many of them it has seen.</summary>
    public static IReadOnlyList<string> Steps { get; } = [Reservations];
}
