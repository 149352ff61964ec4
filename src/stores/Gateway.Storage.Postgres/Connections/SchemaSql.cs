namespace Gateway.Storage.Postgres.Connections;

/// <summary>
/// The tables, with one step for each schema version. A step never changes after its release; a change is a further
/// step. <c>{0}</c> is the schema.
/// </summary>
internal static class SchemaSql
{
    /// <summary>
    /// Every table has a primary key, so that one of two concurrent first writers fails. A record is small and updated
    /// constantly: half of each page stays free and no other column is indexed, so that an update stays on its page.
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

    /// <summary>
    /// The compare-and-swap of many records, with one result row for each: 1 written, 0 not written. The nonce decides;
    /// it is checked again on the newest version of the row after any wait for its lock. The window never goes back,
    /// and it begins only when this database's own clock agrees (<c>now()</c>, the start of the transaction: after a
    /// wait it errs toward refusing). A separate statement looks up the conflicting record, and so sees its state after
    /// that wait. Rows are locked in key order, so that two batches never deadlock.
    /// </summary>
    private const string Swap = """
        CREATE FUNCTION {0}.swap_reservations(
            keys text[], expected uuid[], starts bigint[], ends bigint[], amounts numeric[], nonces uuid[],
            epsilon_ms bigint)
        RETURNS TABLE (
            place bigint, is_written boolean, clock_ms bigint, transaction text,
            seen_start_ms bigint, seen_reserved numeric, seen_nonce uuid)
        LANGUAGE plpgsql AS $$
        #variable_conflict use_column
        DECLARE
            w record;
        BEGIN
            clock_ms := floor(extract(epoch FROM now()) * 1000)::bigint;
            FOR w IN
                SELECT * FROM unnest(keys, expected, starts, ends, amounts, nonces)
                    WITH ORDINALITY AS a (k, expected, start_ms, end_ms, amount, nonce, n)
                ORDER BY k COLLATE "C"
            LOOP
                UPDATE {0}.reservations r
                SET window_start_ms = w.start_ms, window_end_ms = w.end_ms, reserved = w.amount, nonce = w.nonce
                WHERE r.counter_key = w.k AND r.nonce = w.expected AND r.window_start_ms <= w.start_ms
                    AND w.start_ms <= swap_reservations.clock_ms + epsilon_ms;
                place := w.n;
                is_written := FOUND;
                transaction := NULL;
                seen_start_ms := NULL;
                seen_reserved := NULL;
                seen_nonce := NULL;
                IF is_written THEN
                    transaction := pg_current_xact_id()::text;
                ELSE
                    SELECT r.window_start_ms, r.reserved, r.nonce INTO seen_start_ms, seen_reserved, seen_nonce
                    FROM {0}.reservations r WHERE r.counter_key = w.k;
                END IF;
                RETURN NEXT;
            END LOOP;
        END
        $$;
        """;

    /// <summary>
    /// The control documents. Writers lock the single revision's row first, so the order of revisions is the order of
    /// commits, and a writer sees everything that the previous one wrote.
    /// </summary>
    private const string Documents = """
        CREATE TABLE {0}.control_revision (
            only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
            revision bigint NOT NULL
        );
        INSERT INTO {0}.control_revision (revision) VALUES (0);
        CREATE TABLE {0}.control_documents (
            kind text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            version bigint NOT NULL CHECK (version > 0),
            content bytea NOT NULL,
            PRIMARY KEY (kind, name)
        );
        CREATE FUNCTION {0}.change_control_document(
            of_kind text, of_name text, expected_version bigint, new_content bytea,
            OUT is_written boolean, OUT version bigint)
        LANGUAGE plpgsql AS $$
        DECLARE
            next bigint;
        BEGIN
            SELECT r.revision + 1 INTO STRICT next FROM {0}.control_revision r FOR UPDATE;
            SELECT d.version INTO version FROM {0}.control_documents d WHERE d.kind = of_kind AND d.name = of_name;
            version := coalesce(version, 0);
            is_written := version = expected_version;
            IF NOT is_written THEN
                RETURN;
            END IF;
            UPDATE {0}.control_revision SET revision = next;
            IF new_content IS NULL THEN
                DELETE FROM {0}.control_documents d WHERE d.kind = of_kind AND d.name = of_name;
            ELSE
                INSERT INTO {0}.control_documents VALUES (of_kind, of_name, next, new_content)
                ON CONFLICT ON CONSTRAINT control_documents_pkey
                    DO UPDATE SET version = excluded.version, content = excluded.content;
            END IF;
            PERFORM pg_notify('gateway_control', '{0}');
            version := next;
        END
        $$;
        """;

    /// <summary>
    /// A sliding limit's entries beside its record, and the compare-and-swap with them. The function without entries
    /// stays for running processes of an older release, which use no sliding limit.
    /// </summary>
    private const string Entries = """
        ALTER TABLE {0}.reservations ADD COLUMN entries bytea;
        CREATE FUNCTION {0}.swap_records(
            keys text[], expected uuid[], starts bigint[], ends bigint[], amounts numeric[], nonces uuid[],
            sliding bytea[], epsilon_ms bigint)
        RETURNS TABLE (
            place bigint, is_written boolean, clock_ms bigint, transaction text,
            seen_start_ms bigint, seen_reserved numeric, seen_nonce uuid, seen_entries bytea)
        LANGUAGE plpgsql AS $$
        #variable_conflict use_column
        DECLARE
            w record;
        BEGIN
            clock_ms := floor(extract(epoch FROM now()) * 1000)::bigint;
            FOR w IN
                SELECT * FROM unnest(keys, expected, starts, ends, amounts, nonces, sliding)
                    WITH ORDINALITY AS a (k, expected, start_ms, end_ms, amount, nonce, entries, n)
                ORDER BY k COLLATE "C"
            LOOP
                UPDATE {0}.reservations r
                SET window_start_ms = w.start_ms, window_end_ms = w.end_ms, reserved = w.amount, nonce = w.nonce,
                    entries = w.entries
                WHERE r.counter_key = w.k AND r.nonce = w.expected AND r.window_start_ms <= w.start_ms
                    AND w.start_ms <= swap_records.clock_ms + epsilon_ms;
                place := w.n;
                is_written := FOUND;
                transaction := NULL;
                seen_start_ms := NULL;
                seen_reserved := NULL;
                seen_nonce := NULL;
                seen_entries := NULL;
                IF is_written THEN
                    transaction := pg_current_xact_id()::text;
                ELSE
                    SELECT r.window_start_ms, r.reserved, r.nonce, r.entries
                    INTO seen_start_ms, seen_reserved, seen_nonce, seen_entries
                    FROM {0}.reservations r WHERE r.counter_key = w.k;
                END IF;
                RETURN NEXT;
            END LOOP;
        END
        $$;
        """;

    /// <summary>
    /// The archive. Older releases never read it, so it does not raise the schema version, and they continue to run
    /// beside this release.
    /// </summary>
    public const string Archive = """
        CREATE TABLE IF NOT EXISTS {0}.control_archive (
            shelf text COLLATE "C" NOT NULL,
            number bigint NOT NULL CHECK (number > 0),
            content bytea NOT NULL,
            PRIMARY KEY (shelf, number)
        );
        """;

    /// <summary>
    /// Restored backups: windows that began before this time admit nothing, because their counts are lost. Older
    /// releases do not know the column, so a restore also raises the version by <see cref="RestoredMark"/>, which they
    /// refuse. Schemas that were never restored remain usable for them.
    /// </summary>
    public const string Closing = """
        ALTER TABLE {0}.reservation_floor
        ADD COLUMN IF NOT EXISTS closed_before_ms bigint NOT NULL DEFAULT -9223372036854775808;
        """;

    /// <summary>
    /// Value that a restore writes to the column; the first start afterwards replaces it with its own time.
    /// </summary>
    public const long ClosedUntilStart = long.MaxValue;

    /// <summary>
    /// Statement of the first start after a restore. $1 is the tolerance for clocks, in milliseconds.
    /// </summary>
    public const string Reopen = """
        UPDATE {0}.reservation_floor
        SET closed_before_ms = floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + $1
        WHERE closed_before_ms = 9223372036854775807
        """;

    /// <summary>Amount that a restore adds to the schema version.</summary>
    public const int RestoredMark = 1000;

    /// <summary>The steps in order; the schema version is the number of applied steps.</summary>
    public static IReadOnlyList<string> Steps { get; } = [Reservations + Swap, Documents, Entries];
}
