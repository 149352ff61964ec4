using System.Globalization;
using Gateway.Limits.Model;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>
/// The statements. Each takes arrays with one element for each counter, and is one transaction: a conflict on one
/// counter is a missing result row and does not fail the others. Rows are locked in key order, so that two batches
/// never deadlock.
/// </summary>
internal sealed class ReservationSql(string schema)
{
    private const string ReadForm = """
        SELECT w.n, r.window_start_ms, r.reserved, r.nonce, r.entries
        FROM unnest($1::text[]) WITH ORDINALITY AS w (counter_key, n)
        JOIN {0}.reservations r USING (counter_key)
        """;

    /// <summary>
    /// The compare-and-swap of many records; the result row contains the positions of those written. The nonce decides;
    /// it is checked again on the newest version of the row after any wait for its lock. The window never goes back,
    /// and it begins only when this database's own clock agrees. The keys are sorted, and the rows are locked in that
    /// order.
    /// </summary>
    /// <remarks>
    /// One statement that touches each row once and returns one row costs half of a function that processes and reports
    /// each row separately. That function stays in the schema for running processes of an older release.
    /// </remarks>
    private const string UpdateForm = """
        WITH written AS (
            UPDATE {0}.reservations r
            SET window_start_ms = w.start_ms, window_end_ms = w.end_ms, reserved = w.reserved, nonce = w.nonce,
                entries = w.entries
            FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::numeric[], $6::uuid[], $7::bytea[])
                WITH ORDINALITY AS w (counter_key, expected, start_ms, end_ms, reserved, nonce, entries, n)
            WHERE r.counter_key = w.counter_key AND r.nonce = w.expected AND r.window_start_ms <= w.start_ms
                AND w.start_ms <= {1} + {2}
            RETURNING w.n::integer AS n
        )
        SELECT array_agg(n), {1}, pg_current_xact_id_if_assigned(), 0::bigint, '-9223372036854775808'::bigint
        FROM written
        """;

    /// <summary>
    /// The floor's row is locked before anything is inserted, and read in that state: a deletion that raises it either
    /// comes first and is visible, or waits. The same applies to windows that a restore closed.
    /// </summary>
    private const string CreateForm = """
        WITH floor AS MATERIALIZED (
            SELECT floor_ms, closed_before_ms FROM {0}.reservation_floor FOR SHARE
        ),
        w AS (
            SELECT *
            FROM unnest(
                $1::text[], $2::bigint[], $3::bigint[], $4::numeric[], $5::uuid[], $6::bytea[], $7::bigint[])
                WITH ORDINALITY AS w (counter_key, start_ms, end_ms, reserved, nonce, entries, first_ms, n)
        ),
        made AS (
            INSERT INTO {0}.reservations AS r (counter_key, window_start_ms, window_end_ms, reserved, nonce, entries)
            SELECT w.counter_key, w.start_ms, w.end_ms, w.reserved, w.nonce, w.entries
            FROM floor CROSS JOIN w
            WHERE w.end_ms > floor.floor_ms AND w.first_ms >= floor.closed_before_ms AND w.start_ms <= {1} + {2}
            ORDER BY w.counter_key COLLATE "C"
            ON CONFLICT (counter_key) DO NOTHING
            RETURNING r.counter_key, r.nonce, pg_current_xact_id() AS transaction
        )
        SELECT array_agg(w.n::integer), {1}, (array_agg(made.transaction))[1], (SELECT floor_ms FROM floor),
            (SELECT closed_before_ms FROM floor)
        FROM made JOIN w USING (counter_key, nonce)
        """;

    /// <summary>
    /// Deletes at most $2 records that ended at least $1 milliseconds ago by this database's own clock. The records are
    /// locked, then the single floor of all counters is raised, then the records are deleted: the last step takes the
    /// floor as its input, so it cannot run before the floor is raised.
    /// </summary>
    private const string SweepForm = """
        WITH held AS MATERIALIZED (
            SELECT counter_key, window_end_ms FROM {0}.reservations
            WHERE window_end_ms <= {1} - $1 ORDER BY counter_key LIMIT $2 FOR UPDATE SKIP LOCKED
        ),
        raised AS (
            UPDATE {0}.reservation_floor f SET floor_ms = greatest(f.floor_ms, h.floor_ms)
            FROM (SELECT max(window_end_ms) AS floor_ms FROM held) h
            WHERE h.floor_ms IS NOT NULL
            RETURNING f.floor_ms
        )
        DELETE FROM {0}.reservations r USING held h, raised
        WHERE r.counter_key = h.counter_key AND h.window_end_ms <= raised.floor_ms
        """;

    /// <summary>A write that changes nothing. Once it is acknowledged, so is everything before it in the log.</summary>
    private const string ConfirmForm = "UPDATE {0}.reservation_floor SET floor_ms = floor_ms";

    /// <summary>
    /// The start of the statement's transaction; after a wait for a lock it errs toward refusing. As a subquery it is
    /// computed once, not for each row.
    /// </summary>
    private const string Now = "(SELECT floor(extract(epoch FROM now()) * 1000)::bigint)";

    public string Read { get; } = Fill(ReadForm, schema);

    public string Update { get; } = Fill(UpdateForm, schema);

    public string Create { get; } = Fill(CreateForm, schema);

    public string Sweep { get; } = Fill(SweepForm, schema);

    public string Confirm { get; } = Fill(ConfirmForm, schema);

    private static string Fill(string form, string schema) =>
        string.Format(CultureInfo.InvariantCulture, form, schema, Now, ClockBounds.EpsilonMs);
}
