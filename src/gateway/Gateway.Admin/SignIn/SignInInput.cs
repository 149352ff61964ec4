using Gateway.Admin.Operators;

namespace Gateway.Admin.SignIn;

/// <summary>The body of a sign-in with a password.</summary>
internal sealed record SignInInput
{
    /// <summary>The name of the operator.</summary>
    public required string Name { get; init; }

    /// <summary>The operator's password.</summary>
    public required string Password { get; init; }

    /// <summary>The API key to create instead of a session, for clients that are not browsers.</summary>
    public KeyInput? Key { get; init; }
}
