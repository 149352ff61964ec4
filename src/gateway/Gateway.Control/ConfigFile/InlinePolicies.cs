using System.Text.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// Policies in the configuration file, extracted so that their problems keep their line and column there: everything
/// around a document becomes spaces, and line breaks stay.
/// </summary>
internal static class InlinePolicies
{
    /// <summary>
    /// Returns a blanked copy of <paramref name="file"/> by the name of each policy; the file has already been parsed
    /// once.
    /// </summary>
    public static Dictionary<string, byte[]> Cut(ReadOnlySpan<byte> file)
    {
        var cut = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(file);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isPolicies = reader.ValueTextEquals("policies");
            reader.Read();
            if (!isPolicies)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                cut[name] = Blank(file, start, (int)reader.BytesConsumed);
            }
        }

        return cut;
    }

    private static byte[] Blank(ReadOnlySpan<byte> file, int start, int end)
    {
        // Columns count UTF-16 code units. One space therefore replaces each unit: two for a sequence of four bytes,
        // and none for a continuation byte.
        using var copy = new MemoryStream(file.Length);
        for (var i = 0; i < end; i++)
        {
            if (i >= start || file[i] is (byte)'\n' or (byte)'\r')
                copy.WriteByte(file[i]);
            else if ((file[i] & 0xC0) != 0x80)
                copy.Write(file[i] >= 0xF0 ? "  "u8 : " "u8);
        }

        return copy.ToArray();
    }
}
