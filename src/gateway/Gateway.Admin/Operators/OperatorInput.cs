namespace Gateway.Admin.Operators;

/// <summary>The configuration of an operator.</summary>
internal sealed record OperatorInput
{
    /// <summary>The name; only for a new operator.</summary>
    public string? Name { get; init; }

    /// <summary>The person's display name; at most 128 characters.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The roles, each <c>ROLE</c>, or <c>ROLE:SERVER</c> for one server.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>A new password; absent keeps the current one.</summary>
    public string? Password { get; init; }

    /// <summary>The identity at an OpenID Connect provider, for sign-in there; absent keeps the current one.</summary>
    public IdentityView? Identity { get; init; }

    /// <summary>
    /// True if a new operator starts disabled. It is state: PUT and PATCH accept only the current value.
    /// </summary>
    public bool? Disabled { get; init; }
}
