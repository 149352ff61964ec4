using System.Text;
using System.Text.Json;
using Gateway.Audit.Reading;
using Gateway.Audit.Shipping;
using Gateway.Control.Updating;
using Gateway.Storage.Postgres.Connections;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.AuditRecords;

/// <summary>Writes audit records to the table that all gateways share.</summary>
public sealed class PostgresTransport : IAuditTransport
{
    private const string Insert = $"""
        INSERT INTO {AuditTable.Name} (day, at, writer, file, place, members, record)
        SELECT (r.at AT TIME ZONE 'UTC')::date, r.at, $1, r.file, r.place, r.members::jsonb, r.record
        FROM unnest($2, $3, $4, $5, $6) AS r (at, file, place, members, record)
        ON CONFLICT DO NOTHING
        """;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DropEvery = TimeSpan.FromHours(1);
    private readonly AuditTable _table;
    private readonly TimeSpan? _retention;
    private readonly TimeProvider _time;
    private long? _dropped;

    /// <param name="options">Options of kind <see cref="AuditSinkKind.Postgres"/>.</param>
    /// <param name="time">Monotonic time.</param>
    /// <exception cref="PostgresStoreException">The address is not valid.</exception>
    public PostgresTransport(AuditSinkOptions options, TimeProvider time)
    {
        _table = new AuditTable(PostgresAddress.Parse(options.Url), options.TokenFile);
        (_retention, _time) = (options.Retention, time);
    }

    /// <inheritdoc/>
    public async ValueTask<ShipResult> SendAsync(
        IReadOnlyList<ShippedRecord> records, CancellationToken cancellationToken)
    {
        using var limit = new LinkedTimeout(TimeLimit, _time, cancellationToken);
        try
        {
            await using var connection = await _table.ConnectAsync(limit.Token).ConfigureAwait(false);
            await PutAsync(connection, records, limit.Token).ConfigureAwait(false);
            await DropAsync(connection, limit.Token).ConfigureAwait(false);
            return ShipResult.Taken;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new($"{_table.Address} accepted nothing within {TimeLimit.TotalSeconds} s");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            _table.Forget();
            return new(_table.Failure(e).Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(e.Message);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _table.DisposeAsync();

    private async Task PutAsync(
        NpgsqlConnection connection, IReadOnlyList<ShippedRecord> records, CancellationToken cancellationToken)
    {
        var rows = records.Select(Row).ToList();
        await _table.PrepareAsync(
            connection, rows.Select(static row => DateOnly.FromDateTime(row.At)).Distinct(), cancellationToken)
            .ConfigureAwait(false);
        await using var command = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = records[0].Writer },
                new()
                {
                    Value = rows.ConvertAll(static row => row.At),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
                },
                new() { Value = records.Select(static record => record.At.Number).ToArray() },
                new() { Value = records.Select(static record => record.At.Offset).ToArray() },
                new() { Value = rows.ConvertAll(static row => row.Members).ToArray() },
                new() { Value = rows.ConvertAll(static row => row.Record).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Drops old days occasionally, after a batch was accepted. A failure to drop one delays nothing.
    /// </summary>
    private async Task DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_retention is not { } age
            || (_dropped is { } last && _time.GetElapsedTime(last) < DropEvery))
        {
            return;
        }

        _dropped = _time.GetTimestamp();
        try
        {
            await _table.DropAsync(connection, age, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The partition is in use, or this user may not drop it: try again in an hour.
        }
    }

    private static (DateTime At, string Members, string Record) Row(ShippedRecord record)
    {
        using var document = JsonDocument.Parse(record.Line);
        var members = new RecordMembers(document.RootElement);
        return (
            members.Time.UtcDateTime,
            AuditTable.Members(AuditQuery.Names.Select(name => (name, members.Text(name)))),
            Encoding.UTF8.GetString(record.Line.Span));
    }
}
