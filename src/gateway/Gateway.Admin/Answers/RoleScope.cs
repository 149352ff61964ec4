namespace Gateway.Admin.Answers;

/// <summary>Which roles are enough for a route, of those that may be bound to a server.</summary>
internal enum RoleScope
{
    /// <summary>Those for the whole gateway.</summary>
    Gateway,

    /// <summary>Those for the server that the path names, too.</summary>
    NamedServer,

    /// <summary>Those for any server; the route shows and changes only what is of that one.</summary>
    EachServer,
}
