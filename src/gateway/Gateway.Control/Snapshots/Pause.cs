namespace Gateway.Control.Snapshots;

/// <summary>A pause that an operator made.</summary>
/// <param name="SinceMs">The start in Unix milliseconds; null if it cannot be read.</param>
/// <param name="From">The operator's address.</param>
public sealed record Pause(long? SinceMs, string? From)
{
    /// <summary>The operator; null in documents of earlier releases.</summary>
    public string? By { get; init; }

    /// <summary>The reason in the operator's words; null if none was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The end in Unix milliseconds; null if it lasts until an operator resumes.</summary>
    public long? UntilMs { get; init; }

    /// <summary>The subject whose calls are refused; null if it is not a subject or cannot be read.</summary>
    public PausedSubject? Subject { get; init; }

    /// <summary>The tool whose calls are refused; null if it is not a tool or cannot be read.</summary>
    public PausedTool? Tool { get; init; }
}

/// <summary>A tool whose calls an operator stops.</summary>
/// <param name="Server">The server.</param>
/// <param name="Name">The tool's name at the server.</param>
public sealed record PausedTool(string Server, string Name);

/// <summary>A person or a program at an issuer whose calls an operator stops.</summary>
/// <param name="Issuer">The <c>iss</c> of its tokens.</param>
/// <param name="Name">The subject.</param>
public sealed record PausedSubject(string Issuer, string Name)
{
    /// <summary>True if its access is revoked, until an operator restores it.</summary>
    public bool IsRevoked { get; init; }

    /// <summary>The time from which its calls are refused, in Unix milliseconds; null for at once.</summary>
    public long? ExpiresMs { get; init; }
}
