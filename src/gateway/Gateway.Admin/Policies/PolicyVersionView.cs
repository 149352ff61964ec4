namespace Gateway.Admin.Policies;

/// <summary>A version of a policy.</summary>
/// <param name="Version">Its number; they only grow.</param>
/// <param name="Sha256">The hash of its bytes.</param>
/// <param name="Bytes">How many there are.</param>
/// <param name="IsInForce">Whether it is the one in force.</param>
/// <param name="Time">When it was set, as far as the history goes back; so are those that follow.</param>
/// <param name="By">Who set it.</param>
/// <param name="Action">How: <c>create</c>, <c>replace</c> or <c>restore</c>.</param>
/// <param name="Reason">Why, where that was said.</param>
internal sealed record PolicyVersionView(
    long Version,
    string Sha256,
    int Bytes,
    bool IsInForce,
    DateTimeOffset? Time,
    string? By,
    string? Action,
    string? Reason);
