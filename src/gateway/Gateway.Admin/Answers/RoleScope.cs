namespace Gateway.Admin.Answers;

/// <summary>The server-bound roles that a route accepts in addition to roles for the whole gateway.</summary>
internal enum RoleScope
{
    /// <summary>None: only roles for the whole gateway.</summary>
    Gateway,

    /// <summary>Also roles for the server that the path names.</summary>
    NamedServer,

    /// <summary>Also roles for any server; the route shows and changes only objects of those servers.</summary>
    EachServer,
}
