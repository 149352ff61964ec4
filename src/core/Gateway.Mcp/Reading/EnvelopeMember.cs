namespace Gateway.Mcp.Reading;

/// <summary>The members of a JSON-RPC message, by their number in <see cref="Table"/>.</summary>
public static class EnvelopeMember
{
    /// <summary>The place of <c>jsonrpc</c>.</summary>
    public const int JsonRpc = 0;
    /// <summary>The place of <c>id</c>.</summary>
    public const int Id = 1;
    /// <summary>The place of <c>method</c>.</summary>
    public const int Method = 2;
    /// <summary>The place of <c>params</c>.</summary>
    public const int Params = 3;
    /// <summary>The place of <c>result</c>.</summary>
    public const int Result = 4;
    /// <summary>The place of <c>error</c>.</summary>
    public const int Error = 5;
    /// <summary>How many members the table has.</summary>
    public const int Count = 6;

    /// <summary>The members of a message that decide something, each at its place.</summary>
    public static MemberTable Table { get; } = new("jsonrpc", "id", "method", "params", "result", "error");
}
