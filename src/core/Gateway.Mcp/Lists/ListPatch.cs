namespace Gateway.Mcp.Lists;

/// <summary>
/// One change to a message: an array that keeps some of its items, a cache scope that becomes private, or other bytes
/// in the place of some.
/// </summary>
/// <param name="Start">First byte of the value that is replaced.</param>
/// <param name="End">One past its last byte.</param>
/// <param name="KeptFrom">Where the kept items start among all kept ones; negative for what is no array.</param>
/// <param name="KeptCount">How many items are kept.</param>
/// <param name="Added">What an array ends with, or what stands in the place; empty for a cache scope.</param>
internal readonly record struct ListPatch(
    int Start, int End, int KeptFrom, int KeptCount, ReadOnlyMemory<byte> Added = default)
{
    public bool IsArray => KeptFrom >= 0;
}
