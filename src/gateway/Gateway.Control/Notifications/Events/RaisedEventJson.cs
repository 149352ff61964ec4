using System.Text.Json.Serialization;

namespace Gateway.Control.Notifications.Events;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RaisedEvent))]
internal sealed partial class RaisedEventJson : JsonSerializerContext;
