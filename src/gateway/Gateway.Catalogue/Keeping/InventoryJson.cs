using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Catalogue.Keeping;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptInventory))]
[JsonSerializable(typeof(InventoryPointer))]
internal sealed partial class InventoryJson : JsonSerializerContext
{
    private static InventoryJson? _short;

    /// <summary>
    /// Serializer settings with short escapes: definitions are full of quotes, each of which the default would write as
    /// six bytes.
    /// </summary>
    public static InventoryJson Short => _short ??= new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
