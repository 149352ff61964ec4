using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Audit.Evidence;

namespace Gateway.Admin.Live;

/// <summary>A decision in a log, or a skipped part of it.</summary>
/// <param name="At">The place at which it begins.</param>
/// <param name="Record">The record in the log; null for a skipped part.</param>
internal sealed record LiveMark(LogPlace At, JsonElement? Record)
{
    /// <summary>The length of its text in UTF-16 units.</summary>
    [JsonIgnore]
    public int Length { get; } = Record?.GetRawText().Length ?? 0;
}
