using Gateway.Control.Snapshots;
using Gateway.Control.Updating;

namespace Gateway.Admin.Pausing;

/// <summary>A person or a program at an issuer whose calls are refused at every grant, now or from a time on.</summary>
/// <param name="Issuer">The name of the issuer in the configuration, or its URL; null if it cannot be read.</param>
/// <param name="Subject">The subject; the digest of issuer and subject if it cannot be read.</param>
/// <param name="Status"><c>paused</c>, <c>revoked</c>, <c>expires</c> (later) or <c>expired</c>.</param>
internal sealed record SubjectView(string? Issuer, string Subject, string Status)
{
    /// <summary>The time at which the operator stopped it.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The operator.</summary>
    public string? By { get; init; }

    /// <summary>The reason in the operator's words; null if none was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The end of a pause; null if it lasts until an operator resumes.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The time from which its calls are refused; null for at once.</summary>
    public DateTimeOffset? Expires { get; init; }

    public static SubjectView Of(string name, Pause pause, ControlState state, long nowMs)
    {
        var (subject, view) = (pause.Subject, PauseView.Of(pause)!);
        var issuer = subject is null ? null : state.Config.Callers.Find(subject.Issuer)?.Name ?? subject.Issuer;
        return new(issuer, subject?.Name ?? name, StatusOf(subject, nowMs))
        {
            Since = view.Since,
            By = view.By,
            Reason = view.Reason,
            Until = view.Until,
            Expires = subject?.ExpiresMs is { } expires ? DateTimeOffset.FromUnixTimeMilliseconds(expires) : null,
        };
    }

    private static string StatusOf(PausedSubject? subject, long nowMs) => subject switch
    {
        { ExpiresMs: { } expires } => nowMs < expires && !subject.IsRevoked ? "expires" : "expired",
        { IsRevoked: true } => "revoked",
        _ => "paused",
    };
}

/// <summary>The subject to pause, revoke, expire or resume.</summary>
internal sealed record SubjectInput
{
    /// <summary>The maximum length of an issuer and of a subject, in characters.</summary>
    public const int LengthMax = 4096;

    /// <summary>The name of the issuer in <c>identity.issuers</c>, or its URL.</summary>
    public required string Issuer { get; init; }

    /// <summary>The subject exactly as records contain it in <c>caller</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The reason, at most 1,024 characters; operators see it, agents do not.</summary>
    public string? Reason { get; init; }

    /// <summary>The end of a pause: a length such as <c>30m</c> or an instant; null for none.</summary>
    public string? Until { get; init; }

    /// <summary>For <c>/subjects/expire</c>: the time from which calls are refused, a length or an instant.</summary>
    public string? Expires { get; init; }
}
