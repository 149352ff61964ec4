using System.Buffers;
using System.Text.Unicode;

namespace Gateway.Mcp.Lists;

/// <summary>
/// Takes what a grant may not see out of a server's lists, and leaves every other byte as it is. A filtered list says
/// <c>cacheScope: "private"</c> where the member exists, since another grant's list differs.
/// </summary>
public static class ListFilter
{
    /// <summary>
    /// How many times its own size a message takes to be filtered, at most: the new one in a buffer that doubles, the
    /// old buffer beside it, and where each kept item is.
    /// </summary>
    public const int BytesFactor = 4;

    /// <summary>Filters one JSON-RPC message, or an array of them.</summary>
    /// <param name="message">The message as it came.</param>
    /// <param name="judge">Says what stays.</param>
    /// <param name="output">Receives the filtered message, only when the result is <see
    /// cref="ListFilterResult.Changed"/>.</param>
    public static ListFilterResult Apply(ReadOnlySpan<byte> message, IListFilter judge, IBufferWriter<byte> output)
    {
        if (!Utf8.IsValid(message))
            return ListFilterResult.Unreadable;

        var walk = new ListParser(message, judge);
        if (!walk.TryRun())
            return ListFilterResult.Unreadable;
        if (walk.Edits is not { Count: > 0 } edits)
            return ListFilterResult.Unchanged;

        Write(message, edits, walk.Kept, output);
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
