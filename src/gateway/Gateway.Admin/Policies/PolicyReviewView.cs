using Gateway.Admin.Answers;
using Gateway.Policy.Reviewing;

namespace Gateway.Admin.Policies;

/// <summary>What a policy's text says.</summary>
/// <param name="Problems">Errors, for which it would be refused, and warnings with their codes.</param>
internal sealed record PolicyReviewView(IReadOnlyList<ProblemPlace> Problems)
{
    /// <summary>The hash of its bytes; absent where it has an error, as all that follows.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Its rules in words, with the tools that they decide about.</summary>
    public IReadOnlyList<PolicyPart>? Parts { get; init; }

    /// <summary>Tools of the server that no entry names and nothing hides.</summary>
    public IReadOnlyList<string>? Uncovered { get; init; }

    /// <summary>Whose edit is kept as a draft; absent where none is.</summary>
    public ChangedView? Draft { get; init; }

    /// <summary>Whose edit is judged beside it as the candidate; absent where none is.</summary>
    public ChangedView? Candidate { get; init; }

    /// <summary>Why the server's tools, or some, are not known; absent where they are.</summary>
    public string? Note { get; init; }
}
