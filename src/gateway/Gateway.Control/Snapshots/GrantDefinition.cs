using System.Collections.Immutable;
using Gateway.Control.Virtual;

namespace Gateway.Control.Snapshots;

/// <summary>A grant as it was made, in the file or over the API: names only, nothing bound yet.</summary>
/// <param name="Name">Its name, which its counters belong to.</param>
/// <param name="Token">The hash of its token.</param>
/// <param name="Servers">Server name to policy name; null denies every call there.</param>
/// <param name="ExpiresMs">From then on it is refused, Unix milliseconds; null for never.</param>
/// <param name="IsPaused">Refused until it is resumed.</param>
/// <param name="CreatedMs">When it was made, where that is known.</param>
public sealed record GrantDefinition(
    string Name,
    TokenHash Token,
    ImmutableSortedDictionary<string, string?> Servers,
    long? ExpiresMs,
    bool IsPaused = false,
    long? CreatedMs = null)
{
    /// <summary>Follows the grant's name, where its token from before the last rotation is meant; in no name.</summary>
    internal const string PreviousSuffix = "/previous";

    /// <summary>
    /// Of the file only: it ends this long after its token was first seen, and <c>ExpiresMs</c> is 0 until it is known
    /// when that was.
    /// </summary>
    public TimeSpan? Length { get; init; }

    /// <summary>The token from before the last rotation; null where there is none.</summary>
    public PreviousToken? Previous { get; init; }

    /// <summary>How its tools are listed.</summary>
    public ToolsAs ToolsAs { get; init; }

    /// <summary>Its tools that stand for others of its servers; null for none.</summary>
    public VirtualTools? VirtualTools { get; init; }

    /// <summary>Whose it is, where a client signed in for it; null where an operator handed it out.</summary>
    public OAuthGrant? OAuth { get; init; }

    /// <summary>Each expiry: of the grant, by its name, and of its token from before the last rotation.</summary>
    internal IEnumerable<(string Name, long EndsMs)> Ends
    {
        get
        {
            if (ExpiresMs is { } endsMs)
                yield return (Name, endsMs);
            if (Previous is { } previous)
                yield return (Name + PreviousSuffix, previous.UntilMs);
        }
    }

    /// <summary>Each token that opens it, with the instant from which that token is refused.</summary>
    public IEnumerable<(TokenHash Token, long? UntilMs)> Tokens
    {
        get
        {
            yield return (Token, ExpiresMs);
            if (Previous is { } previous)
                yield return (previous.Token, Math.Min(previous.UntilMs, ExpiresMs ?? long.MaxValue));
        }
    }
}
