using System.Collections.Frozen;

namespace Gateway.Proxy.Snapshots;

/// <summary>A grant at run time: whom its token reaches, and by which policy.</summary>
internal sealed record GrantModel(
    string Name,
    TokenHash Token,
    long? ExpiresMs,
    bool IsPaused,
    FrozenDictionary<string, GrantBinding> Bindings,
    GrantState State)
{
    public bool IsExpired(long nowMs) => nowMs >= ExpiresMs;
}
