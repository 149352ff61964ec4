namespace Gateway.Admin.SignIn;

/// <summary>Another password for oneself.</summary>
internal sealed record PasswordInput
{
    /// <summary>The one that there is.</summary>
    public required string Current { get; init; }

    /// <summary>The one that is wanted.</summary>
    public required string Password { get; init; }
}
