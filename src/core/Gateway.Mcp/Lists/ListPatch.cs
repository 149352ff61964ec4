namespace Gateway.Mcp.Lists;

/// <summary>
/// One change to a message: an array that keeps some of its items, a cache scope that becomes private, or replaced
/// bytes.
/// </summary>
/// <param name="Start">First byte of the value that is replaced.</param>
/// <param name="End">One past its last byte.</param>
/// <param name="KeptFrom">
/// Index of the first kept item among all kept items; negative if the value is not an array.
/// </param>
/// <param name="KeptCount">Number of kept items.</param>
/// <param name="Added">The end of an array, or the replacement bytes; empty for a cache scope.</param>
internal readonly record struct ListPatch(
    int Start, int End, int KeptFrom, int KeptCount, ReadOnlyMemory<byte> Added = default)
{
    public bool IsArray => KeptFrom >= 0;
}
