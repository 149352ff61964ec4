using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>
/// Measures the memory needed to parse and evaluate arguments, without allocating it: an array of small numbers becomes
/// dozens of times as large as its text.
/// </summary>
internal static class ArgumentsMeasure
{
    // A node, its entry in an array that grew by doubling, and its entry in a list of nodes that a path or a schema
    // visits.
    private const int ValueBytes = 32 + (3 * 8) + (3 * 8);

    // A builder, and its initial array.
    private const int ContainerBytes = 32 + 24 + (2 * 24) + 24;
    private const int TextBytes = 24;
    private const int EscapedBytes = 32;

    // A member in an array that grew by doubling, and its name in the set that finds duplicates and in an index.
    private const int NameBytes = (3 * 24) + 48 + 60;

    /// <summary>
    /// Returns an upper bound, in bytes, of the memory that <see cref="CallArguments.Read"/> and the rules use.
    /// </summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="read">The arguments that a rule reads; null for all.</param>
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
            // The actual reader fails at this position too, and refuses the arguments.
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

    // Two bytes per character, rounded up to whole words; escaped text is assembled in a separate buffer first.
    private static long Text(in Utf8JsonReader reader) =>
        TextBytes + (2L * reader.ValueSpan.Length) + 8
        + (reader.ValueIsEscaped ? EscapedBytes + (3L * reader.ValueSpan.Length) : 0);
}
