using System.Text.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// Cuts a policy out of the configuration file so that its problems keep their line and column there:
/// everything around the document becomes spaces, line breaks stay.
/// </summary>
internal static class InlinePolicies
{
    /// <summary>
    /// Policy name to a blanked copy of <paramref name="file"/>; the file has already been parsed once.
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
        // Columns count UTF-16 units: a space stays for each, so two for what takes four bytes, and none for a
        // continuation byte.
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
