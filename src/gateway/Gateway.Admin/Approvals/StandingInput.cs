using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>What an approver allows beside the one call; "next", "for" or both.</summary>
internal sealed record StandingInput
{
    /// <summary>How many further calls; as many as one may allow where it is not said.</summary>
    public int? Next { get; init; }

    /// <summary>For how long, such as <c>15m</c>; an hour where it is not said.</summary>
    public string? For { get; init; }

    /// <summary>
    /// The conditions that their arguments meet, as in a policy's <c>require</c>; an empty array for any arguments, the
    /// very same ones where it is not said.
    /// </summary>
    public JsonElement? Where { get; init; }
}
