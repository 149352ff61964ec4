using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>The terms of a standing approval: "next", "for" or both.</summary>
internal sealed record StandingInput
{
    /// <summary>The number of further calls; by default the maximum.</summary>
    public int? Next { get; init; }

    /// <summary>The duration, such as <c>15m</c>; by default one hour.</summary>
    public string? For { get; init; }

    /// <summary>
    /// The conditions on their arguments, as in a policy's <c>require</c>. An empty array allows any arguments; by
    /// default they must be identical to those of the request.
    /// </summary>
    public JsonElement? Where { get; init; }
}
