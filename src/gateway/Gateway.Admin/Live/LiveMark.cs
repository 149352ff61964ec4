using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Audit.Evidence;

namespace Gateway.Admin.Live;

/// <summary>A decision in a log, or a part of it that was passed over.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Record">As it stands in the log; null for what was passed over.</param>
internal sealed record LiveMark(LogPlace At, JsonElement? Record)
{
    /// <summary>How long its text is, in UTF-16 units.</summary>
    [JsonIgnore]
    public int Length { get; } = Record?.GetRawText().Length ?? 0;
}
