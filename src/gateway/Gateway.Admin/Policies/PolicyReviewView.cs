using Gateway.Admin.Answers;
using Gateway.Policy.Reviewing;

namespace Gateway.Admin.Policies;

/// <summary>A review of a policy's text.</summary>
/// <param name="Problems">Errors, for which the policy would be refused, and warnings with their codes.</param>
internal sealed record PolicyReviewView(IReadOnlyList<ProblemPlace> Problems)
{
    /// <summary>The hash of its bytes; like the parts, absent if there is an error.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Its rules in words, with the tools that they apply to.</summary>
    public IReadOnlyList<PolicyPart>? Parts { get; init; }

    /// <summary>Tools of the server that no entry names and nothing hides.</summary>
    public IReadOnlyList<string>? Uncovered { get; init; }

    /// <summary>The author of the stored draft; absent if there is none.</summary>
    public ChangedView? Draft { get; init; }

    /// <summary>The author of the candidate; absent if there is none.</summary>
    public ChangedView? Candidate { get; init; }

    /// <summary>The reason why some or all of the server's tools are unknown; absent if they are known.</summary>
    public string? Note { get; init; }
}
