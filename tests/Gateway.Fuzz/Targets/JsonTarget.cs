using Gateway.Policy.Json;
using JsonNode = Gateway.Policy.Json.JsonNode;

namespace Gateway.Fuzz.Targets;

/// <summary>
/// The JSON reader: accepts what System.Text.Json accepts and reads the same values in it, but for unpaired
/// surrogates, which it refuses.
/// </summary>
internal static class JsonTarget
{
    private const int DepthMax = 64;

    /// <summary>Bytes for each byte of the input: a node, a member and its text for one digit and a comma.</summary>
    private const int BytesEach = 512;

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = DepthMax,
        AllowDuplicateProperties = false,
    };

    public static void Run(byte[] input)
    {
        var (node, fault) = Property.Bounded(input.Length, BytesEach, () =>
        {
            var read = JsonTreeReader.Read(input, DepthMax, duplicates: null, out var found);
            return (read, found);
        });
        Property.Holds(node is null == fault.HasValue, "either a value or a fault");
        using var document = SecondReading(input);
        if (node is null)
        {
            Property.Holds(fault!.Value.Offset >= 0 && fault.Value.Offset <= input.Length, "a fault is in the text");
            Property.Holds(document is null, $"refuses what another parser reads: {fault.Value.Message}");
            return;
        }

        Property.Holds(document is not null, "accepts what another parser refuses");
        Same(node, document!.RootElement);
        var written = Encoding.UTF8.GetBytes(JsonTreeWriter.Write(node));
        using var again = JsonDocument.Parse(written, Strict);
        Same(node, again.RootElement);
        var canonical = CanonicalJson.Of(input, DepthMax);
        Property.Holds(
            CanonicalJson.Of(canonical, DepthMax).AsSpan().SequenceEqual(canonical), "a stable canonical form");
    }

    private static JsonDocument? SecondReading(byte[] input)
    {
        try
        {
            var document = JsonDocument.Parse(input, Strict);
            if (IsText(document.RootElement))
                return document;
            document.Dispose();
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether every name and string can be decoded: there is no unpaired surrogate.</summary>
    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject()
                    .All(static one => one.Name is not null && IsText(one.Value)),
                JsonValueKind.Array => value.EnumerateArray().All(IsText),
                JsonValueKind.String => value.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Same(JsonNode node, JsonElement value)
    {
        var kind = value.ValueKind switch
        {
            JsonValueKind.Object => JsonKind.Object,
            JsonValueKind.Array => JsonKind.Array,
            JsonValueKind.String => JsonKind.String,
            JsonValueKind.Number => JsonKind.Number,
            JsonValueKind.True => JsonKind.True,
            JsonValueKind.False => JsonKind.False,
            _ => JsonKind.Null,
        };
        Property.Holds(node.Kind == kind, $"{node.Kind} and {kind}");
        switch (kind)
        {
            case JsonKind.Object:
                var members = value.EnumerateObject().ToArray();
                Property.Holds(node.Members.Length == members.Length, "as many members");
                for (var i = 0; i < members.Length; i++)
                {
                    Property.Holds(node.Members[i].Name == members[i].Name, "the same name");
                    Same(node.Members[i].Value, members[i].Value);
                }

                break;
            case JsonKind.Array:
                Property.Holds(node.Items.Length == value.GetArrayLength(), "as many items");
                foreach (var (item, other) in node.Items.Zip(value.EnumerateArray()))
                    Same(item, other);
                break;
            case JsonKind.String:
                Property.Holds(node.Text == value.GetString(), "the same text");
                break;
            case JsonKind.Number:
                Property.Holds(node.Text == value.GetRawText(), "the same number");
                break;
        }
    }
}
