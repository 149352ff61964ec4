using System.Text.Json.Serialization;

namespace Gateway.Control.Usage.Keeping;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(UsageDocument))]
internal sealed partial class UsageDocumentJson : JsonSerializerContext;
