using System.Text;

namespace Gateway.Policy.Json;

/// <summary>
/// Converts a byte offset into the line and column that an editor shows (both from 1, columns in UTF-16 units).
/// </summary>
public sealed class LineMap
{
    private readonly ReadOnlyMemory<byte> _utf8;
    private readonly List<int> _lineStarts = [0];

    /// <summary>Finds the lines of a document, which end in LF, CR or CR LF.</summary>
    public LineMap(ReadOnlyMemory<byte> utf8)
    {
        _utf8 = utf8;
        var text = utf8.Span;
        for (var i = 0; i < text.Length; i++)
        {
            var endsLine = text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'));
            if (endsLine)
                _lineStarts.Add(i + 1);
        }
    }

    /// <summary>Returns the line and column of a byte, counted from 0.</summary>
    public (int Line, int Column) At(int offset)
    {
        var found = _lineStarts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        var start = _lineStarts[line];
        return (line + 1, Encoding.UTF8.GetCharCount(_utf8.Span[start..Math.Min(offset, _utf8.Length)]) + 1);
    }
}
