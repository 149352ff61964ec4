namespace Gateway.Control.Snapshots;

/// <summary>A grant's token from before its rotation.</summary>
/// <param name="Token">The token's hash.</param>
/// <param name="UntilMs">The time from which it is refused, in Unix milliseconds.</param>
public sealed record PreviousToken(TokenHash Token, long UntilMs);
