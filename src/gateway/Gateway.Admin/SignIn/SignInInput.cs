using Gateway.Admin.Operators;

namespace Gateway.Admin.SignIn;

/// <summary>Who signs in.</summary>
internal sealed record SignInInput
{
    /// <summary>The operator.</summary>
    public required string Name { get; init; }

    /// <summary>Its password.</summary>
    public required string Password { get; init; }

    /// <summary>Makes this key in place of a session, for who is no browser.</summary>
    public KeyInput? Key { get; init; }
}
