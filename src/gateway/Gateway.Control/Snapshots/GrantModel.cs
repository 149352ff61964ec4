using System.Collections.Frozen;
using Gateway.Control.Virtual;

namespace Gateway.Control.Snapshots;

/// <summary>A grant at run time: whom one of its tokens reaches, and by which policy.</summary>
public sealed record GrantModel(
    string Name,
    TokenHash Token,
    long? ExpiresMs,
    bool IsPaused,
    FrozenDictionary<string, GrantBinding> Bindings,
    GrantState State)
{
    /// <summary>Whether the token is the one from before a rotation.</summary>
    public bool IsPrevious { get; init; }

    /// <summary>How its tools are listed.</summary>
    public ToolsAs ToolsAs { get; init; }

    /// <summary>Its tools that stand for others of its servers; null for none.</summary>
    public VirtualTools? VirtualTools { get; init; }

    /// <summary>Whether a client signed in for it, and calls with access tokens.</summary>
    public bool IsOAuth { get; init; }

    /// <summary>Whether its access tokens are for all of its servers as one, and for no server's own address.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>The access token that the caller came with; null for a grant's own token.</summary>
    public TokenHash? Access { get; init; }

    /// <summary>Whether it has ended, at an instant in Unix milliseconds.</summary>
    public bool IsExpired(long nowMs) =>
        nowMs >= ExpiresMs || State.HasEnded || (IsPrevious && State.HasPreviousEnded);
}
