namespace Gateway.Admin.SignIn;

/// <summary>A change of the caller's password.</summary>
internal sealed record PasswordInput
{
    /// <summary>The current password.</summary>
    public required string Current { get; init; }

    /// <summary>The new password.</summary>
    public required string Password { get; init; }
}
