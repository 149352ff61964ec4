namespace Gateway.Control.Snapshots;

/// <summary>A grant's token from before its rotation.</summary>
/// <param name="Token">Its hash.</param>
/// <param name="UntilMs">From then on it is refused, Unix milliseconds.</param>
public sealed record PreviousToken(TokenHash Token, long UntilMs);
