using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>
/// How much memory it takes to read and judge arguments, without taking it: an array of small numbers becomes dozens of
/// times as large as its text.
/// </summary>
internal static class ArgumentsMeasure
{
    // A node, its place in an array that grew by doubling, and in a list of what a path or a schema visits.
    private const int ValueBytes = 32 + (3 * 8) + (3 * 8);

    // A builder, and the array that it began with.
    private const int ContainerBytes = 32 + 24 + (2 * 24) + 24;
    private const int TextBytes = 24;
    private const int EscapedBytes = 32;

    // A member in an array that grew by doubling, and its name in the set that finds duplicates and in an index.
    private const int NameBytes = (3 * 24) + 48 + 60;

    /// <summary>An upper bound in bytes for what <see cref="CallArguments.Read"/> and the rules take.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="read">Those that a rule looks into; null for all.</param>
    public static long Of(ReadOnlySpan<byte> arguments, FrozenSet<string>? read = null)
    {
        var reader = new Utf8JsonReader(
            arguments, new JsonReaderOptions { MaxDepth = PolicyBounds.ArgumentsDepthMax + 1 });
        var bytes = 0L;
        try
        {
            while (reader.Read())
            {
                bytes += Bytes(reader);
                if (read is not null && reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1
                    && !read.Contains(reader.GetString()!))
                {
                    bytes += ValueBytes;
                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Reading them ends at this place too, and refuses them.
        }

        return bytes;
    }

    private static long Bytes(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.PropertyName => NameBytes + Text(reader),
        JsonTokenType.StartArray or JsonTokenType.StartObject => ValueBytes + ContainerBytes,
        JsonTokenType.EndArray or JsonTokenType.EndObject => 0,
        JsonTokenType.String => ValueBytes + Text(reader),
        JsonTokenType.Number when reader.ValueSpan.Length > ShortNumbers.LengthMax => ValueBytes + Text(reader),
        _ => ValueBytes,
    };

    // Two bytes a character, rounded up to whole words; what is escaped is put together elsewhere first.
    private static long Text(in Utf8JsonReader reader) =>
        TextBytes + (2L * reader.ValueSpan.Length) + 8
        + (reader.ValueIsEscaped ? EscapedBytes + (3L * reader.ValueSpan.Length) : 0);
}
