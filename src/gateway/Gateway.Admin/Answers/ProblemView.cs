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

/// <summary>A problem in a document, with its position.</summary>
internal sealed record ProblemPlace(
    string Severity, string Pointer, string Message, int? Line = null, int? Column = null, string? File = null,
    string? Code = null);

/// <summary>The change by another operator that came first.</summary>
/// <param name="ETag">The current version.</param>
/// <param name="By">
/// The operator who made it; absent if the history does not go back that far, as are the following members.
/// </param>
/// <param name="At">The time of the change.</param>
/// <param name="Reason">The reason that the operator gave; absent if there is none.</param>
internal sealed record ChangedView(string ETag, string? By, DateTimeOffset? At, string? Reason = null);
