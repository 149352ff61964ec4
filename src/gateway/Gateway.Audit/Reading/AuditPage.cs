using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Audit.Evidence;

namespace Gateway.Audit.Reading;

/// <summary>A page of audit records in the order of writing.</summary>
/// <param name="Items">The records as they are in the log.</param>
/// <param name="Next">
/// The <c>cursor</c> that continues from here; always present, because more records may be written.
/// </param>
/// <param name="More">True if more records were available when this page was cut.</param>
public sealed record AuditPage(IReadOnlyList<JsonElement> Items, string Next, bool More)
{
    /// <summary>Number of matching records in the part of the log that was read for this page.</summary>
    public long Matched { get; init; }

    /// <summary>Places where the records begin; empty for a tail.</summary>
    [JsonIgnore]
    public IReadOnlyList<LogPlace> Places { get; init; } = [];

    /// <summary>With <c>tail</c>, the <c>before</c> of the next request; null if nothing older can match.</summary>
    public string? Earlier { get; init; }

    /// <summary>
    /// With <c>where</c>, the time back to which recorded values of arguments were searched; null otherwise.
    /// </summary>
    public DateTimeOffset? ValuesReached { get; init; }

    /// <summary>The frontend that responded, with its own records unless <see cref="Shared"/> is set.</summary>
    public string Frontend { get; init; } = "";

    /// <summary>
    /// Name of the sink that holds these records of all gateways; null for the records of one gateway.
    /// </summary>
    public string? Shared { get; init; }

    /// <summary>True if other gateways may share the store; their decisions are in their own logs.</summary>
    public bool Others { get; init; }
}
