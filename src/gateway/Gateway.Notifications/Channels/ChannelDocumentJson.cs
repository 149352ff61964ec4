using System.Text.Json.Serialization;

namespace Gateway.Notifications.Channels;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ChannelDocument))]
internal sealed partial class ChannelDocumentJson : JsonSerializerContext;
