using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Limits.Model;
using Microsoft.Extensions.Options;

namespace Gateway.Storage.Postgres.Connections;

/// <summary>How a process uses the database. Every default has its reason beside it.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record PostgresOptions
{
    /// <summary>Where the database is.</summary>
    public required PostgresAddress Address { get; init; }

    /// <summary>
    /// The schema that holds the tables; <c>gateway</c>. Lower-case letters, digits and <c>_</c>, at most 63. Another
    /// one separates two fleets on one database.
    /// </summary>
    [RegularExpression("^[a-z_][a-z0-9_]{0,62}$", ErrorMessage = "The schema is not a name of a schema.")]
    public string Schema { get; init; } = "gateway";

    /// <summary>
    /// How long a connection may take to open; 2 s. A call waits for it at worst once, then calls are denied at once
    /// until a probe got through.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a statement may take; 2 s, as an agent's call waits for it. What is late has an unknown outcome.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Connections that write; 2. While one waits for its commit the other collects the next batch; more would only
    /// make the batches smaller.
    /// </summary>
    [Range(1, 16)]
    public int Writers { get; init; } = 2;

    /// <summary>Connections that read; 1. A read takes a tenth of a commit and many share a round trip.</summary>
    [Range(1, 16)]
    public int Readers { get; init; } = 1;

    /// <summary>
    /// Counters in one round trip; 256, which keeps a statement near a millisecond and the row locks short.
    /// </summary>
    [Range(1, 4096)]
    public int BatchMax { get; init; } = 256;

    /// <summary>Requests that may wait for a connection; 16,384. Those beyond it are denied at once.</summary>
    [Range(1, 1_000_000)]
    public int QueueMax { get; init; } = 16_384;

    /// <summary>
    /// True if a proven difference between this clock and the database's makes the process deny; true. Only a test
    /// with a clock of its own turns it off.
    /// </summary>
    public bool ComparesClocks { get; init; } = true;

    /// <summary>
    /// How long a finished window's record is kept; 10 minutes, so that a late call meets the record and not only the
    /// floor.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan KeepFinished { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The highest time that was trusted before this start; by default nothing was stored.</summary>
    public StoredTime StoredTime { get; init; }

    /// <summary>Counters in this process; one more is refused, with the reason.</summary>
    [ValidateObjectMembers]
    public CounterBounds Counters { get; init; } = new();
}
