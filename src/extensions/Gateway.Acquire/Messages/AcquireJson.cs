using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gateway.Acquire.Messages;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AcquireMessage))]
[JsonSerializable(typeof(ReturnMessage))]
[JsonSerializable(typeof(AcquireAnswer))]
[JsonSerializable(typeof(ReturnAnswer))]
[JsonSerializable(typeof(AcquireProblem))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class AcquireJson : JsonSerializerContext;
