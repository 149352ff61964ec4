using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>An operator's decision on a request for approval.</summary>
internal sealed record ApprovalInput
{
    /// <summary>
    /// A name for the record, stored as <c>claimedBy</c> beside the authenticated identity; at most 128 characters.
    /// </summary>
    public string? By { get; init; }

    /// <summary>The reason, at most 1,000 characters. For a denial, the agent receives it.</summary>
    public string? Comment { get; init; }

    /// <summary>
    /// For a denial, an object of at most 4,096 bytes: the agent may call once with exactly these arguments.
    /// </summary>
    public JsonElement? SuggestedArguments { get; init; }

    /// <summary>For an approval: a standing approval for further calls like this one.</summary>
    public StandingInput? Standing { get; init; }
}
