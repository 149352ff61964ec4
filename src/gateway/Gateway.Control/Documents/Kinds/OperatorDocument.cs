namespace Gateway.Control.Documents.Kinds;

/// <summary>An operator's account as the store keeps it: never the password.</summary>
public sealed record OperatorDocument
{
    /// <summary>128 random bits: another account of the same name is another one to keys and sessions.</summary>
    public required string Id { get; init; }

    /// <summary>The person's name as they write it.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Each <c>ROLE</c> or <c>ROLE:SERVER</c>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Whether nothing opens with it.</summary>
    public bool Disabled { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>As the framework's hasher writes it; null where none was set.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Who it is at an OpenID Connect provider; null where nobody has said.</summary>
    public IdentityDocument? Identity { get; init; }
}
