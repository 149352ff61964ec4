using Gateway.Control.Snapshots;

namespace Gateway.Admin.Pausing;

/// <summary>A pause.</summary>
/// <param name="Since">The start; null if it cannot be read.</param>
/// <param name="From">The operator's address.</param>
internal sealed record PauseView(DateTimeOffset? Since, string? From)
{
    /// <summary>The operator; null if an earlier release made the pause.</summary>
    public string? By { get; init; }

    /// <summary>The reason in the operator's words; null if none was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The end; null if it lasts until an operator resumes.</summary>
    public DateTimeOffset? Until { get; init; }

    public static PauseView? Of(Pause? pause) => pause is null ? null : new(
        pause.SinceMs is { } since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null, pause.From)
    {
        By = pause.By,
        Reason = pause.Reason,
        Until = pause.UntilMs is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null,
    };
}

/// <summary>The reason and the end of a pause; each null if none was given.</summary>
internal sealed record PauseDetails(string? Reason = null, DateTimeOffset? Until = null)
{
    /// <summary>The subject that is paused; null for a pause of something else.</summary>
    public PausedSubject? Subject { get; init; }

    /// <summary>The tool that is paused; null for a pause of something else.</summary>
    public PausedTool? Tool { get; init; }
}

/// <summary>The optional body of a request to pause every call, a server, a tool or a grant.</summary>
internal sealed record PauseInput
{
    public const int ReasonLengthMax = 1024;

    /// <summary>The reason, at most 1,024 characters; operators see it, agents do not.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The end: a length such as <c>30m</c> or an instant. Null to pause until an operator resumes. A gateway resumes
    /// within about 10 seconds of the end.
    /// </summary>
    public string? Until { get; init; }
}
