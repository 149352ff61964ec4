using Gateway.Identity.Roles;

namespace Gateway.Identity.Operators;

/// <summary>An operator: a person, or a program that works for one.</summary>
public sealed record OperatorAccount
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>What tells it from another account that had its name.</summary>
    public required string Id { get; init; }

    /// <summary>The person's name as they write it; null where it was not said.</summary>
    public string? DisplayName { get; init; }

    /// <summary>What it may do.</summary>
    public required RoleSet Roles { get; init; }

    /// <summary>Whether nothing opens with it.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Null where no password was set.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The document's.</summary>
    public required long Version { get; init; }

    /// <summary>Whether an administrator can sign in with it, whatever ends meanwhile.</summary>
    public bool IsSureAdmin => !IsDisabled && PasswordHash is not null && Roles.IsAdmin;
}
