namespace Gateway.Proxy.RetryTokens;

/// <summary>One ticket of a call.</summary>
/// <param name="ExpiresMs">When it is over, Unix milliseconds.</param>
/// <param name="Round">
/// How many retries went free since the call that was counted; <see cref="Exhausted"/> where nothing says so.
/// </param>
internal readonly record struct StoredRetryToken(long ExpiresMs, int Round)
{
    /// <summary>More than any policy allows.</summary>
    public const int Exhausted = int.MaxValue;
}
