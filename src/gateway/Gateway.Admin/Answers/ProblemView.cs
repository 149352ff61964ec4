namespace Gateway.Admin.Answers;

/// <summary>A problem document (RFC 9457).</summary>
internal sealed record ProblemView
{
    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    /// <summary>The problems in the document of the request; absent if the problem is not about a document.</summary>
    public IReadOnlyList<ProblemPlace>? Errors { get; init; }

    /// <summary>The name that does not exist; absent if the problem is not about a name.</summary>
    public UnknownName? Unknown { get; init; }

    /// <summary>The change that came first; absent if there was no conflict.</summary>
    public ChangedView? Changed { get; init; }
}
