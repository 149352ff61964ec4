namespace Gateway.Admin.Policies;

/// <summary>A version of a policy.</summary>
/// <param name="Version">Its revision in the store, by which the paths of versions name it.</param>
/// <param name="Sha256">The hash of its bytes.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="IsInForce">True for the active version.</param>
/// <param name="Time">The time at which it was set, if the history goes back that far; this holds for all further
/// members.</param>
/// <param name="By">The operator who set it.</param>
/// <param name="Action">The action: <c>create</c>, <c>replace</c> or <c>restore</c>.</param>
/// <param name="Reason">The reason, if one was given.</param>
internal sealed record PolicyVersionView(
    long Version,
    string Sha256,
    int Bytes,
    bool IsInForce,
    DateTimeOffset? Time,
    string? By,
    string? Action,
    string? Reason)
{
    /// <summary>Its number: 1 for the policy's first version. 0 from a previous release.</summary>
    public long Number { get; init; }
}
