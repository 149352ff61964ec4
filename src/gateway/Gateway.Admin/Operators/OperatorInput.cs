namespace Gateway.Admin.Operators;

/// <summary>An operator as an administrator wants it.</summary>
internal sealed record OperatorInput
{
    /// <summary>The name; only where one is made.</summary>
    public string? Name { get; init; }

    /// <summary>The person's name as they write it; at most 128 characters.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Each <c>ROLE</c>, or <c>ROLE:SERVER</c> for one server.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>A new password; absent keeps the one that there is.</summary>
    public string? Password { get; init; }

    /// <summary>Who it is at an OpenID Connect provider, so that it can sign in there; absent keeps what there is.
    /// </summary>
    public IdentityView? Identity { get; init; }

    /// <summary>
    /// Whether a new operator begins disabled. It is state: PUT and PATCH accept only its present value.
    /// </summary>
    public bool? Disabled { get; init; }
}
