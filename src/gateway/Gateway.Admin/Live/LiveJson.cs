using System.Text.Json.Serialization;

namespace Gateway.Admin.Live;

/// <summary>
/// The data that gateways exchange. Unknown members are allowed, because a later release may add some.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LiveLog))]
[JsonSerializable(typeof(LiveWatch))]
internal sealed partial class LiveJson : JsonSerializerContext;
