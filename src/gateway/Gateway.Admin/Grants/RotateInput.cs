namespace Gateway.Admin.Grants;

/// <summary>How a grant's token is changed.</summary>
internal sealed record RotateInput
{
    /// <summary>The longest overlap: a year.</summary>
    public const long OverlapSecondsMax = 365 * 86_400L;

    /// <summary>How long the token from before is taken too; 0 refuses it, and any older one, at once.</summary>
    public long OverlapSeconds { get; init; } = 86_400;
}
