using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Audit.Reading;
using Gateway.Audit.Shipping;
using Gateway.Storage.Postgres.Connections;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.AuditRecords;

/// <summary>Searches the audit table to which all gateways ship their records.</summary>
public sealed class PostgresRecords : ISharedRecords, IAsyncDisposable
{
    private const int VisitedFirst = 200;
    private const int VisitedAtOnce = 5_000;
    private const string NoSuchTable = "42P01";
    private const string NoSuchSchema = "3F000";
    private readonly AuditTable _table;

    /// <param name="options">Options of kind <see cref="AuditSinkKind.Postgres"/>.</param>
    /// <exception cref="PostgresStoreException">The address is not valid.</exception>
    public PostgresRecords(AuditSinkOptions options)
    {
        Name = options.Name;
        _table = new AuditTable(PostgresAddress.Parse(options.Url), options.TokenFile);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task<AuditPage> ReadAsync(
        AuditQuery query, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var rows = await SelectAsync(query, RecordPlace.Parse(cursor), isBackwards: false, limit, cancellationToken)
            .ConfigureAwait(false);
        return new AuditPage(
            [.. rows.Select(static row => row.Record)], rows.Count > 0 ? rows[^1].Place.ToString() : cursor ?? "",
            rows.Count == limit)
        {
            Matched = rows.Count,
            Shared = Name,
        };
    }

    /// <inheritdoc/>
    public async Task<AuditPage> TailAsync(
        AuditQuery query, int count, string? before, CancellationToken cancellationToken)
    {
        if (count == 0)
        {
            var matched = await CountAsync(query, RecordPlace.Parse(before), cancellationToken).ConfigureAwait(false);
            return new AuditPage([], before ?? "", More: false) { Matched = matched, Shared = Name };
        }

        var rows = await SelectAsync(query, RecordPlace.Parse(before), isBackwards: true, count, cancellationToken)
            .ConfigureAwait(false);
        rows.Reverse();
        return new AuditPage(
            [.. rows.Select(static row => row.Record)], rows.Count > 0 ? rows[^1].Place.ToString() : "", More: false)
        {
            Matched = rows.Count,
            Shared = Name,
            Earlier = rows.Count == count ? rows[0].Place.ToString() : null,
        };
    }

    /// <inheritdoc/>
    public async Task<string?> VisitAsync(
        SharedScan scan, string? before, Func<byte[], bool> visit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scan);
        ArgumentNullException.ThrowIfNull(visit);
        var place = RecordPlace.Parse(before);
        // The first records fill a page; a search for rare ones reads many.
        var (limit, isWanted, isMore) = (VisitedFirst, true, true);
        while (isWanted && isMore)
        {
            var read = 0;
            await AskAsync(
                $"SELECT at, writer, file, place, record FROM {AuditTable.Name} "
                    + $"WHERE {Where(scan, place, isBackwards: true)} "
                    + $"ORDER BY at DESC, writer DESC, file DESC, place DESC LIMIT {limit}",
                scan, place, async reader =>
                {
                    while (isWanted && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        read++;
                        place = PlaceOf(reader);
                        isWanted = visit(Encoding.UTF8.GetBytes(reader.GetString(4)));
                    }
                }, cancellationToken).ConfigureAwait(false);
            isMore = read == limit;
            limit = Math.Min(2 * limit, VisitedAtOnce);
        }

        return isWanted ? null : place?.ToString();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _table.DisposeAsync();

    private async Task<List<(RecordPlace Place, JsonElement Record)>> SelectAsync(
        AuditQuery query, RecordPlace? from, bool isBackwards, int limit, CancellationToken cancellationToken)
    {
        var order = isBackwards ? "DESC" : "ASC";
        var scan = Scan(query);
        var rows = new List<(RecordPlace, JsonElement)>();
        await AskAsync(
            $"SELECT at, writer, file, place, record FROM {AuditTable.Name} WHERE {Where(scan, from, isBackwards)} "
                + $"ORDER BY at {order}, writer {order}, file {order}, place {order} LIMIT {limit}",
            scan, from, async reader =>
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add((PlaceOf(reader), JsonElement.Parse(reader.GetString(4))));
                }
            }, cancellationToken).ConfigureAwait(false);
        return rows;
    }

    private async Task<long> CountAsync(AuditQuery query, RecordPlace? before, CancellationToken cancellationToken)
    {
        var count = 0L;
        var scan = Scan(query);
        await AskAsync(
            $"SELECT count(*) FROM {AuditTable.Name} WHERE {Where(scan, before, isBackwards: true)}", scan, before,
            async reader =>
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                count = reader.GetInt64(0);
            }, cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>
    /// Returns the conditions of a query. The days are included, so that the partitions of other days are not searched.
    /// </summary>
    private static string Where(SharedScan query, RecordPlace? from, bool isBackwards)
    {
        var parts = new List<string> { "members @> $1" };
        if (query.Texts.Count > 0)
            parts.Add("NOT EXISTS (SELECT FROM unnest($8) AS one WHERE strpos(record, one) = 0)");
        if (query.FromMs is not null)
            parts.Add("at >= $2 AND day >= ($2 AT TIME ZONE 'UTC')::date");
        if (query.ToMs is not null)
            parts.Add("at < $3 AND day <= ($3 AT TIME ZONE 'UTC')::date");
        if (from is not null)
        {
            var sign = isBackwards ? "<" : ">";
            parts.Add($"(at, writer, file, place) {sign} ($4, $5, $6, $7) "
                + $"AND day {sign}= ($4 AT TIME ZONE 'UTC')::date");
        }

        return string.Join(" AND ", parts);
    }

    private async Task AskAsync(
        string sql, SharedScan query, RecordPlace? from, Func<NpgsqlDataReader, Task> read,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _table.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(sql, connection)
            {
                Parameters =
                {
                    new()
                    {
                        Value = AuditTable.Members(
                            query.Members.Select(static one => (one.Member, (string?)one.Value))),
                        NpgsqlDbType = NpgsqlDbType.Jsonb,
                    },
                    Instant(query.FromMs),
                    Instant(query.ToMs),
                    new() { Value = (object?)from?.At ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                    new() { Value = (object?)from?.Writer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = (object?)from?.File ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                    new() { Value = (object?)from?.Offset ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                    new()
                    {
                        Value = query.Texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                    },
                },
            };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await read(reader).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is NoSuchTable or NoSuchSchema)
        {
            throw new IOException(
                $"{_table.Address} has no records yet: no gateway has shipped any to it.", e);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw _table.Failure(e);
        }
    }

    private static SharedScan Scan(AuditQuery query) => new(query.Wanted, [], query.FromMs, query.ToMs);

    private static RecordPlace PlaceOf(NpgsqlDataReader reader) =>
        new(reader.GetDateTime(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3));

    private static NpgsqlParameter Instant(long? ms) => new()
    {
        Value = ms is { } at ? DateTime.UnixEpoch.AddMilliseconds(at) : DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };

    /// <summary>A record's position among all records: time, writer, and place in the writer's log.</summary>
    private sealed record RecordPlace(DateTime At, string Writer, int File, long Offset)
    {
        /// <summary>Returns null if the text is missing or not a valid position.</summary>
        public static RecordPlace? Parse(string? text) =>
            text?.Split('-', 4) is [var at, var file, var offset, var writer]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && int.TryParse(file, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                ? new RecordPlace(DateTime.UnixEpoch.AddMilliseconds(ms), writer, number, place)
                : null;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{(At - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond}-{File}-{Offset}-{Writer}");
    }
}
