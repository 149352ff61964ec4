using System.Text.Json.Serialization;

namespace Gateway.Control.Notifications.Channels;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ChannelDocument))]
internal sealed partial class ChannelDocumentJson : JsonSerializerContext;
