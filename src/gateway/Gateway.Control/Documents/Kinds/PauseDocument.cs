namespace Gateway.Control.Documents.Kinds;

/// <summary>A pause in the store; it lasts as long as the document exists, also after its end.</summary>
public sealed record PauseDocument
{
    /// <summary>The time at which the pause began.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The address of the operator who paused.</summary>
    public string? From { get; init; }

    /// <summary>The operator who paused.</summary>
    public string? By { get; init; }

    /// <summary>The reason in the operator's words, at most 1,024 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The time at which a gateway deletes the document; null for a pause without an end. Previous releases do not know
    /// the member and keep the pause.
    /// </summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// The <c>iss</c> of the subject that is stopped; null for another pause. Previous releases keep such a document
    /// and let the subject call.
    /// </summary>
    public string? Issuer { get; init; }

    /// <summary>The subject that is stopped.</summary>
    public string? Subject { get; init; }

    /// <summary>
    /// The server of the tool that is paused; null for another pause. Previous releases keep such a document and let
    /// calls of the tool through.
    /// </summary>
    public string? Server { get; init; }

    /// <summary>The tool that is paused.</summary>
    public string? Tool { get; init; }

    /// <summary>True if the subject's access is revoked.</summary>
    public bool Revoked { get; init; }

    /// <summary>The time from which the subject is stopped; null for at once.</summary>
    public DateTimeOffset? Expires { get; init; }
}
