using System.Buffers;
using System.Text.Unicode;

namespace Gateway.Mcp.Lists;

/// <summary>
/// Removes the entries that a grant may not see from a server's lists, and leaves every other byte unchanged. A
/// filtered list has <c>cacheScope: "private"</c> where the member exists, since another grant's list differs.
/// </summary>
public static class ListFilter
{
    /// <summary>
    /// Memory for filtering a message, as a multiple of its size, at most: the new message in a buffer that doubles,
    /// the old buffer beside it, and the position of each kept item.
    /// </summary>
    public const int BytesFactor = 4;

    /// <summary>Filters one JSON-RPC message, or an array of them.</summary>
    /// <param name="message">The message as received.</param>
    /// <param name="filter">Decides which entries stay.</param>
    /// <param name="output">Receives the filtered message, only when the result is <see
    /// cref="ListFilterResult.Changed"/>.</param>
    public static ListFilterResult Apply(ReadOnlySpan<byte> message, IListFilter filter, IBufferWriter<byte> output)
    {
        if (!Utf8.IsValid(message))
            return ListFilterResult.Unreadable;

        var parser = new ListParser(message, filter);
        if (!parser.TryRun())
            return ListFilterResult.Unreadable;
        if (parser.Edits is not { Count: > 0 } edits)
            return ListFilterResult.Unchanged;

        Write(message, edits, parser.Kept, output);
        return ListFilterResult.Changed;
    }

    private static void Write(
        ReadOnlySpan<byte> message, List<ListPatch> edits, List<KeptEntry> kept, IBufferWriter<byte> output)
    {
        edits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var copied = 0;
        foreach (var edit in edits)
        {
            output.Write(message[copied..edit.Start]);
            if (edit.IsArray)
                WriteArray(message, edit, kept, output);
            else
                output.Write(edit.Added.IsEmpty ? "\"private\""u8 : edit.Added.Span);
            copied = edit.End;
        }

        output.Write(message[copied..]);
    }

    private static void WriteArray(
        ReadOnlySpan<byte> message, ListPatch edit, List<KeptEntry> kept, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        for (var i = 0; i < edit.KeptCount; i++)
        {
            if (i > 0)
                output.Write(","u8);
            var entry = kept[edit.KeptFrom + i];
            output.Write(entry.Written ?? message[entry.Place]);
        }

        if (edit.KeptCount > 0 && !edit.Added.IsEmpty)
            output.Write(","u8);
        output.Write(edit.Added.Span);
        output.Write("]"u8);
    }
}

/// <summary>The result of filtering a message.</summary>
public enum ListFilterResult
{
    /// <summary>Nothing had to change: the message passes unchanged.</summary>
    Unchanged,

    /// <summary>The filtered message was written.</summary>
    Changed,

    /// <summary>The message is not JSON that can be evaluated, so it must not pass.</summary>
    Unreadable,
}

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
