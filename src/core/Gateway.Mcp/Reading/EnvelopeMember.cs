namespace Gateway.Mcp.Reading;

/// <summary>The members of a JSON-RPC message, by their number in <see cref="Table"/>.</summary>
public static class EnvelopeMember
{
    public const int JsonRpc = 0;
    public const int Id = 1;
    public const int Method = 2;
    public const int Params = 3;
    public const int Result = 4;
    public const int Error = 5;
    public const int Count = 6;

    public static MemberTable Table { get; } = new("jsonrpc", "id", "method", "params", "result", "error");
}
