using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Audit.Evidence;

namespace Gateway.Audit.Reading;

/// <summary>Audit records in the order in which they were written.</summary>
/// <param name="Items">The records as they stand in the log.</param>
/// <param name="Next">
/// The <c>cursor</c> that goes on from here; always there, since more may be written.
/// </param>
/// <param name="More">Whether there was more to read when this page was cut.</param>
public sealed record AuditPage(IReadOnlyList<JsonElement> Items, string Next, bool More)
{
    /// <summary>How many records matched in the part of the log that was read for this page.</summary>
    public long Matched { get; init; }

    /// <summary>Where each of the records begins; empty for a tail.</summary>
    [JsonIgnore]
    public IReadOnlyList<LogPlace> Places { get; init; } = [];

    /// <summary>With <c>tail</c>: the <c>before</c> that goes on; null where nothing older can match.</summary>
    public string? Earlier { get; init; }

    /// <summary>Who answered: with its own records, unless <see cref="Shared"/> says otherwise.</summary>
    public string Frontend { get; init; } = "";

    /// <summary>The sink whose records of all gateways these are; null where they are of one.</summary>
    public string? Shared { get; init; }

    /// <summary>Whether other gateways may share the store: what they decided is in their own logs.</summary>
    public bool Others { get; init; }
}
