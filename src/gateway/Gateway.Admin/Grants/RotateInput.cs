namespace Gateway.Admin.Grants;

/// <summary>The parameters of a token rotation.</summary>
internal sealed record RotateInput
{
    /// <summary>The maximum overlap: a year.</summary>
    public const long OverlapSecondsMax = 365 * 86_400L;

    /// <summary>
    /// The number of seconds that the previous token stays valid; 0 ends it, and any older one, at once.
    /// </summary>
    public long OverlapSeconds { get; init; } = 86_400;
}
