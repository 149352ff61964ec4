using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Control.Documents.Kinds;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ServerDocument))]
[JsonSerializable(typeof(GrantDocument))]
[JsonSerializable(typeof(ListDocument))]
[JsonSerializable(typeof(GenerationDocument))]
[JsonSerializable(typeof(FirstSeenDocument))]
[JsonSerializable(typeof(LastUsedDocument))]
[JsonSerializable(typeof(AdminKeyDocument))]
[JsonSerializable(typeof(PauseDocument))]
[JsonSerializable(typeof(ProtectionKeyDocument))]
[JsonSerializable(typeof(ValueKeyDocument))]
public sealed partial class ControlJsonContext : JsonSerializerContext
{
    public static byte[] Write<T>(T document, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.SerializeToUtf8Bytes(document, type);
}
