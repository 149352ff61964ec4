namespace Gateway.Admin.SignIn;

/// <summary>The first operator, an administrator.</summary>
internal sealed record FirstOperatorInput
{
    /// <summary>The code in the link that the first start printed.</summary>
    public required string Code { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The person's display name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }
}
