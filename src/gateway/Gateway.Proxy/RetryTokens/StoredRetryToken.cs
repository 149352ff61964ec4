namespace Gateway.Proxy.RetryTokens;

/// <summary>One retry token of a call.</summary>
/// <param name="ExpiresMs">The expiry, in Unix milliseconds.</param>
/// <param name="Round">
/// The number of uncounted retries since the counted call; <see cref="Exhausted"/> if unknown.
/// </param>
internal readonly record struct StoredRetryToken(long ExpiresMs, int Round)
{
    /// <summary>A round above the maximum of any policy.</summary>
    public const int Exhausted = int.MaxValue;
}
