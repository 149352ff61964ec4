using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Limits.Model;
using Microsoft.Extensions.Options;

namespace Gateway.Storage.Postgres.Connections;

/// <summary>Options of a process's use of the database. The reason for each default is beside it.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record PostgresOptions
{
    /// <summary>Address of the database.</summary>
    public required PostgresAddress Address { get; init; }

    /// <summary>
    /// The schema of the tables; <c>gateway</c>. Lowercase letters, digits and <c>_</c>, at most 63 characters.
    /// Different schemas separate fleets on one database.
    /// </summary>
    [RegularExpression("^[a-z_][a-z0-9_]{0,62}$", ErrorMessage = "The schema is not a valid schema name.")]
    public string Schema { get; init; } = "gateway";

    /// <summary>
    /// Timeout for opening a connection; 2 s. A call waits for it at most once; further calls are then denied at once
    /// until a probe succeeds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Timeout of a statement; 2 s, because an agent's call waits for it. A late statement has an unknown outcome.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Number of connections that write; 2. While one waits for its commit, the other collects the next batch. More
    /// connections would only make the batches smaller.
    /// </summary>
    [Range(1, 16)]
    public int Writers { get; init; } = 2;

    /// <summary>
    /// Number of connections that read; 1. A read takes a tenth of a commit, and many share a round trip.
    /// </summary>
    [Range(1, 16)]
    public int Readers { get; init; } = 1;

    /// <summary>
    /// Maximum number of counters in one round trip; 256, which keeps a statement near one millisecond and the row
    /// locks short.
    /// </summary>
    [Range(1, 4096)]
    public int BatchMax { get; init; } = 256;

    /// <summary>
    /// Maximum number of requests that wait for a connection; 16,384. Further ones are denied at once.
    /// </summary>
    [Range(1, 1_000_000)]
    public int QueueMax { get; init; } = 16_384;

    /// <summary>
    /// True if a proven difference between this process's clock and the database's clock denies calls. Only tests with
    /// their own clock turn this off.
    /// </summary>
    public bool ComparesClocks { get; init; } = true;

    /// <summary>
    /// Retention of a finished window's record; 10 minutes, so that a late call finds the record and not only the
    /// floor.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan KeepFinished { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The highest trusted time before this start; by default none is stored.</summary>
    public StoredTime StoredTime { get; init; }

    /// <summary>Bounds on the counters in this process; a further one is refused, with the reason.</summary>
    [ValidateObjectMembers]
    public CounterBounds Counters { get; init; } = new();
}
