namespace Gateway.Mcp.Reading;

/// <summary>The members of a JSON-RPC message, by their index in <see cref="Table"/>.</summary>
public static class EnvelopeMember
{
    /// <summary>The index of <c>jsonrpc</c>.</summary>
    public const int JsonRpc = 0;
    /// <summary>The index of <c>id</c>.</summary>
    public const int Id = 1;
    /// <summary>The index of <c>method</c>.</summary>
    public const int Method = 2;
    /// <summary>The index of <c>params</c>.</summary>
    public const int Params = 3;
    /// <summary>The index of <c>result</c>.</summary>
    public const int Result = 4;
    /// <summary>The index of <c>error</c>.</summary>
    public const int Error = 5;
    /// <summary>The number of members in the table.</summary>
    public const int Count = 6;

    /// <summary>The table of the members that affect a decision.</summary>
    public static MemberTable Table { get; } = new("jsonrpc", "id", "method", "params", "result", "error");
}
