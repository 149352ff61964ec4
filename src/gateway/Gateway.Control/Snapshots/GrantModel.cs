using System.Collections.Frozen;
using Gateway.Control.Virtual;

namespace Gateway.Control.Snapshots;

/// <summary>A grant at run time: the servers that one of its tokens reaches, and the policy for each.</summary>
public sealed record GrantModel(
    string Name,
    TokenHash Token,
    long? ExpiresMs,
    bool IsPaused,
    FrozenDictionary<string, GrantBinding> Bindings,
    GrantState State)
{
    /// <summary>True if the token is the one from before a rotation.</summary>
    public bool IsPrevious { get; init; }

    /// <summary>The form in which its tools are listed.</summary>
    public ToolsAs ToolsAs { get; init; }

    /// <summary>The tools that stand for others of its servers; null for none.</summary>
    public VirtualTools? VirtualTools { get; init; }

    /// <summary>True if a client signed in for it, and calls with access tokens.</summary>
    public bool IsOAuth { get; init; }

    /// <summary>True if its access tokens are for all of its servers as one, and for no server's own address.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>The access token with which the caller came; null for a grant's own token.</summary>
    public TokenHash? Access { get; init; }

    /// <summary>Returns true if the grant has expired at a time in Unix milliseconds.</summary>
    public bool IsExpired(long nowMs) =>
        nowMs >= ExpiresMs || State.HasEnded || (IsPrevious && State.HasPreviousEnded);
}
