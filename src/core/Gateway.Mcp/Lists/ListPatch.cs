namespace Gateway.Mcp.Lists;

/// <summary>
/// One change to a message: an array that keeps some of its items, or a cache scope that becomes private.
/// </summary>
/// <param name="Start">First byte of the value that is replaced.</param>
/// <param name="End">One past its last byte.</param>
/// <param name="KeptFrom">Where the kept items start among all kept ones; -1 for a cache scope.</param>
/// <param name="KeptCount">How many items are kept.</param>
internal readonly record struct ListPatch(int Start, int End, int KeptFrom, int KeptCount)
{
    public bool IsCacheScope => KeptFrom < 0;
}
