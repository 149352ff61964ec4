using System.Text;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Lists;

/// <summary>Parses a list as people keep it: one value per line, or a JSON array of texts.</summary>
public static class ListText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// Returns the distinct values, without surrounding blanks and empty lines; null with the reason.
    /// </summary>
    public static IReadOnlyList<string>? Read(ReadOnlySpan<byte> utf8, out string why)
    {
        why = "";
        var text = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[3..] : utf8;
        if (text.Length > PolicyBounds.DocumentBytesMax)
            why = $"it has {text.Length} bytes; at most {PolicyBounds.DocumentBytesMax} are accepted";
        else if (text.TrimStart(" \t\r\n"u8) is [(byte)'[', ..])
            return ReadJson(text, out why);
        else
            return ReadLines(text, out why);
        return null;
    }

    /// <summary>Returns the distinct texts of a JSON array; null if it contains anything else.</summary>
    public static IReadOnlyList<string>? Texts(JsonNode array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.Items.All(static item => item.Kind == JsonKind.String)
            ? [.. array.Items.Select(static item => item.Text).Distinct(StringComparer.Ordinal)]
            : null;
    }

    private static IReadOnlyList<string>? ReadJson(ReadOnlySpan<byte> text, out string why)
    {
        var node = JsonTreeReader.Read(text, PolicyBounds.DocumentDepthMax, duplicates: null, out var fault);
        var values = node is null ? null : Texts(node);
        why = fault?.Message ?? (values is null ? "a value of a list must be a string in quotes" : "");
        return values;
    }

    private static IReadOnlyList<string>? ReadLines(ReadOnlySpan<byte> text, out string why)
    {
        why = "";
        try
        {
            return
            [
                .. Strict.GetString(text)
                    .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Distinct(StringComparer.Ordinal),
            ];
        }
        catch (DecoderFallbackException)
        {
            why = "it is not UTF-8: save it as UTF-8";
            return null;
        }
    }
}
