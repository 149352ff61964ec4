using System.Text;
using System.Text.Unicode;

namespace Gateway.Policy.Json;

/// <summary>Finds the position at which a text stops being UTF-8.</summary>
internal static class Utf8Text
{
    /// <summary>Returns the reason why the text is not UTF-8 without a byte order mark, or null.</summary>
    public static JsonFault? FaultOf(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
            return new JsonFault(0, "", "a byte order mark is not JSON: save the file as UTF-8 without one");
        var bad = IndexOfInvalid(utf8);
        return bad < 0 ? null : new JsonFault(bad, "", "this is not UTF-8: save the file as UTF-8");
    }

    /// <summary>Returns the offset of the first byte that is not UTF-8, or -1.</summary>
    private static int IndexOfInvalid(ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
            return -1;
        var at = 0;
        while (Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
            at += length;
        return at;
    }
}
