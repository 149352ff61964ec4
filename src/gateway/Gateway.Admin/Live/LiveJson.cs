using System.Text.Json.Serialization;

namespace Gateway.Admin.Live;

/// <summary>What gateways tell each other; a later release may say more.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LiveLog))]
[JsonSerializable(typeof(LiveWatch))]
internal sealed partial class LiveJson : JsonSerializerContext;
