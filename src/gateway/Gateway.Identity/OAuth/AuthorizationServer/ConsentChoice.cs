namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>What an operator chose.</summary>
/// <param name="Server">The server.</param>
/// <param name="Policy">The policy there.</param>
/// <param name="Label">The grant's name.</param>
/// <param name="Expires">When the grant ends, as it was written; <c>never</c> for never.</param>
internal sealed record ConsentChoice(string? Server, string? Policy, string? Label, string? Expires)
{
    public const string Never = "never";

    /// <summary>What the page offers.</summary>
    public static IReadOnlyList<(string Value, string Text)> Lengths { get; } =
    [
        ("1d", "1 day"), ("7d", "7 days"), ("30d", "30 days"), ("90d", "90 days"), ("365d", "1 year"),
        (Never, "never"),
    ];
}
