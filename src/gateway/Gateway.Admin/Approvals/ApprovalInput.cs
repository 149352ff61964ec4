using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>An operator's answer to a request for approval.</summary>
internal sealed record ApprovalInput
{
    /// <summary>
    /// A name for the record, which keeps it beside the authenticated identity as <c>claimedBy</c>; at most 128
    /// characters.
    /// </summary>
    public string? By { get; init; }

    /// <summary>Why; the agent reads it with a denial. At most 1,000 characters.</summary>
    public string? Comment { get; init; }

    /// <summary>
    /// With a denial, an object of at most 4,096 bytes: the agent may call with exactly these arguments, once.
    /// </summary>
    public JsonElement? SuggestedArguments { get; init; }

    /// <summary>With an approval: leave for further calls like this one.</summary>
    public StandingInput? Standing { get; init; }
}
