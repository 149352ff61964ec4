namespace Gateway.Admin.Answers;

/// <summary>A problem document (RFC 9457).</summary>
internal sealed record ProblemView
{
    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    /// <summary>Each place that is wrong; absent where it is not about a document.</summary>
    public IReadOnlyList<ProblemPlace>? Errors { get; init; }

    /// <summary>The name that does not exist; absent where it is not about one.</summary>
    public UnknownName? Unknown { get; init; }

    /// <summary>Whose change came first; absent where that is not why.</summary>
    public ChangedView? Changed { get; init; }
}
